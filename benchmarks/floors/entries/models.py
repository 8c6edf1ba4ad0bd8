"""The tables of the floors."""

from django.conf import settings
from django.db import models


class Day(models.Model):
    patient = models.IntegerField()
    date = models.DateField()
    mood = models.PositiveSmallIntegerField(null=True)
    pain = models.PositiveSmallIntegerField(null=True)
    sleep_hours = models.FloatField(null=True)
    note = models.CharField(max_length=500, blank=True)
    side_effects = models.JSONField(default=list)

    class Meta:
        abstract = True


class BareDay(Day):
    pass


class FullDay(Day):
    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["patient", "date"], name="one_day")
        ]


class Revision(models.Model):
    day = models.ForeignKey(FullDay, models.CASCADE)
    content = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)


class Audit(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE)
    at = models.DateTimeField(auto_now_add=True)
    action = models.CharField(max_length=20)
    day = models.IntegerField()


class Mark(models.Model):
    patient = models.IntegerField(primary_key=True)
    marks = models.IntegerField(default=1)
