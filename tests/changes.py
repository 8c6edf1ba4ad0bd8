"""Changes of days as a device sends them."""

from uuid import uuid4

from django.utils import timezone

from tracker.ids import uuid7

DEVICE = str(uuid4())


def change(on, based_on=0, act="write", written_at=None, key=None, follows=(), **day):
    return {
        "id": str(key or uuid7()),
        "act": act,
        "date": str(on),
        "based_on": based_on,
        "written_at": (written_at or timezone.now()).isoformat(),
        "follows": [str(one) for one in follows],
        **({"day": day} if act == "write" else {}),
    }


def outcomes(answer):
    return [one["outcome"] for one in answer["answers"]]
