"""The words that curators find when they begin; they may add their own."""

import uuid

from django.db import migrations

# vocabulary: code: (label, what it is used for)
VOCABULARY = {
    "kinds": {
        "accident": ("Accident", "Harm that nobody intended."),
        "accusation": ("Accusation", "Somebody says publicly that another did wrong."),
        "agreement": ("Agreement", "Parties bind themselves: a treaty, a deal, a contract."),
        "announcement": ("Announcement", "Something is made known for the first time."),
        "appeal": ("Appeal", "A decision is brought before a higher instance."),
        "appointment": ("Appointment", "Somebody is given an office."),
        "arrest": ("Arrest", "Somebody is taken into custody."),
        "attack": ("Attack", "Violence against people or things."),
        "birth": ("Birth", "A person is born."),
        "charge": ("Charge", "An authority formally accuses somebody of an offence."),
        "crime": ("Crime", "An offence, or a series of them that belong together."),
        "crisis": ("Crisis", "A harmful state that lasts, such as an epidemic or a famine."),
        "death": ("Death", "A person dies."),
        "disaster": ("Disaster", "An earthquake, a flood, a storm and the like."),
        "dispute": ("Dispute", "Parties are at odds for a time, without open war."),
        "election": ("Election", "Votes are cast and counted."),
        "hearing": ("Hearing", "A court, committee or parliament hears people on a matter."),
        "investigation": ("Investigation", "An authority or others find out what happened."),
        "legislation": ("Legislation", "A rule is proposed, passed, changed or repealed."),
        "meeting": ("Meeting", "People come together to talk."),
        "negotiation": ("Negotiation", "Parties talk in order to agree."),
        "promise": ("Promise", "Somebody undertakes to do something."),
        "protest": ("Protest", "People show publicly that they disagree."),
        "publication": ("Publication", "A document, a recording or data come out."),
        "sanction": ("Sanction", "A measure is taken to make another party change its ways."),
        "seizure": ("Seizure", "Goods, money or documents are taken by an authority."),
        "sentencing": ("Sentencing", "A court says what the convicted are to suffer."),
        "statement": ("Statement", "Somebody comments publicly."),
        "tip": ("Tip", "Somebody tells an authority or reporters what they know."),
        "trial": ("Trial", "A court hears a case."),
        "verdict": ("Verdict", "A court decides who is right or guilty."),
        "war": ("War", "An armed conflict, or one of its campaigns and battles."),
    },
    "roles": {
        "accused": ("Accused", "Is said to have done wrong."),
        "accuser": ("Accuser", "Says that another has done wrong."),
        "addressee": ("Addressee", "Is the one to whom something is said or promised."),
        "announcer": ("Announcer", "Makes something known."),
        "author": ("Author", "Wrote or made what the event is about."),
        "buyer": ("Buyer", "Buys or orders goods."),
        "commander": ("Commander", "Leads those who act."),
        "convict": ("Convicted", "Was found guilty by a court."),
        "court": ("Court", "Hears the case and decides it."),
        "defendant": ("Defendant", "Stands before the court."),
        "donor": ("Donor", "Gives money or goods."),
        "guarantor": ("Guarantor", "Answers for what others undertake."),
        "host": ("Host", "Invites the others."),
        "informant": ("Informant", "Gives an authority or reporters what they could not know."),
        "investigator": ("Investigator", "Finds out what happened."),
        "judge": ("Judge", "Decides as a person of the court."),
        "lawyer": ("Lawyer", "Acts for a party before the court."),
        "legislator": ("Legislator", "Proposes or votes on a rule."),
        "mediator": ("Mediator", "Helps parties to agree."),
        "observer": ("Observer", "Watches without taking part."),
        "opponent": ("Opponent", "Stands against another in a dispute, a vote or a contest."),
        "organiser": ("Organiser", "Brings the event about."),
        "party": ("Party", "Is one of those who negotiate, agree or differ."),
        "perpetrator": ("Perpetrator", "Did the harm, as far as that is established."),
        "plaintiff": ("Plaintiff", "Brings a civil case before a court."),
        "promiser": ("Promiser", "Undertakes to do something."),
        "prosecutor": ("Prosecutor", "Brings a criminal case before a court."),
        "recipient": ("Recipient", "Receives what is sent, given or told."),
        "reporter": ("Reporter", "Attends in order to tell the public."),
        "rescuer": ("Rescuer", "Helps those in danger."),
        "seller": ("Seller", "Sells or offers goods."),
        "signatory": ("Signatory", "Signs an agreement."),
        "speaker": ("Speaker", "Speaks for themselves."),
        "spokesperson": ("Spokesperson", "Speaks for another."),
        "subject": ("Subject", "Is the one whom the event concerns, in no closer role."),
        "successor": ("Successor", "Follows another in an office."),
        "suspect": ("Suspect", "Is thought by an authority to have done wrong."),
        "victim": ("Victim", "Suffers the harm."),
        "witness": ("Witness", "Tells what they saw or heard."),
    },
    "relation-types": {
        "led_to": ("led to", "The first brought the second about, or helped to."),
        "part_of": ("is part of", "The first is a stretch or side of the second."),
        "precedes": ("precedes", "The first comes before the second; nothing is said of causes."),
        "responds_to": ("responds to", "The first was done because of the second."),
        "same_case_as": ("belongs to the same case as", "Both belong to one case or affair."),
    },
    "affiliation-types": {
        "agent_of": ("acts for", "Acts on behalf of the other, whatever the contract."),
        "ally_of": ("is allied with", "Works together with the other for a time."),
        "employed_by": ("is employed by", "Works for the other, in no leading office."),
        "founder_of": ("founded", "Brought the other into being."),
        "head_of": ("heads", "Leads the other."),
        "member_of": ("is a member of", "Is one of those who make up the other."),
        "official_of": ("holds an office in", "Has an office in the other, without leading it."),
        "owner_of": ("owns", "Holds the other as property, wholly or in part."),
        "part_of": ("is part of", "Is an office, branch or organ of the other."),
        "relative_of": ("is related to", "Belongs to the other's family."),
    },
}


def add_terms(apps, schema_editor):
    term = apps.get_model("timeline", "Term")
    for vocabulary, terms in VOCABULARY.items():
        for code, (label, description) in terms.items():
            term.objects.get_or_create(
                vocabulary=vocabulary,
                code=code,
                defaults={"uuid": uuid.uuid4(), "label": label, "description": description},
            )


def remove_terms(apps, schema_editor):
    # What is in use stays: the records that use it would be lost with it.
    unused = apps.get_model("timeline", "Term").objects.filter(
        events=None, participations=None, relations=None, affiliations=None
    )
    for vocabulary, terms in VOCABULARY.items():
        gone = unused.filter(vocabulary=vocabulary, code__in=terms)
        gone.model.objects.filter(pk__in=list(gone.values_list("pk", flat=True))).delete()


class Migration(migrations.Migration):
    dependencies = [("timeline", "0002_append_only_ledger")]

    operations = [migrations.RunPython(add_terms, remove_terms)]
