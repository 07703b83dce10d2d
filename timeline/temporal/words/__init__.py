"""Words to date: a closed grammar of how people write dates in English.

It reads what it wholly understands and refuses the rest, saying where; it never guesses. What a
phrase becomes:

===============================  =============================  ==================================
said                             EDTF                           because
===============================  =============================  ==================================
7 Nov 2019, November 7th, 2019   ``2019-11-07``
c. 1912; probably 1912, 1912?    ``1912~``; ``1912?``
the 1950s; the 1800s             ``195X``; ``18XX``             a century covers either meaning
19th century                     ``[1801..1900]``               some time within, not throughout
early / mid / late 2019          ``2019-37`` / ``-38`` / ``-39``  a third of the year, four months
early 1950s, late 19th century   ``[1950..1953]``               a third, rounded outwards to years
early August 2019                ``[2019-08-01..2019-08-10]``   days 1-10, 11-20, 21 to the end
since 2017, 2017 to present      ``2017/..``
from 2017, end unknown           ``2017/``
until July 2019                  ``../2019-07``
before 1890; after August 2019   ``[..1889]``; ``[2019-09..]``  strictly before and after
by 2019; 2019 or later           ``[..2019]``; ``[2019..]``     2019 included
between 2017 and November 2019   ``[2017-01..2019-11]``         some time from the first day of
                                                                the one to the last of the other
2017-2019, from 2017 to 2019     ``2017/2019``                  throughout
7 or 9 November 2019             ``[2019-11-07,2019-11-09]``
7 and 9 November 2019            ``{2019-11-07,2019-11-09}``
44 BC                            ``-0043``                      the year 0 is 1 BC
7 Nov 2019 at 14:30 UTC+8        ``2019-11-07T14:30:00+08:00``  EDTF needs the seconds
===============================  =============================  ==================================
"""

from timeline.temporal.words.reading import parse_words

__all__ = ["parse_words"]
