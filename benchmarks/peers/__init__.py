"""The same list of events over the same tables, each built as its documentation teaches.

None of them caches, none of them sends JSON that the database built; any of them could.
"""
