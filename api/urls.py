"""The API's addresses, under /api/."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from api.views import (
    account,
    clinics,
    diary,
    docs,
    infusions,
    me,
    patients,
    relief,
    reminders,
    safety,
    session,
    side_effects,
    sync,
)

v1 = [
    path("session/", session.SessionView.as_view()),
    path("session/code/", session.CodeView.as_view()),
    path("session/code/confirm/", session.ConfirmCodeView.as_view()),
    path("session/passkey/", session.PasskeySignInView.as_view()),
    path("sessions/", account.SessionList.as_view()),
    path("sessions/<int:session_id>/", account.SessionDetail.as_view()),
    path("passkeys/", account.PasskeyList.as_view()),
    path("passkeys/options/", account.PasskeyOptions.as_view()),
    path("passkeys/<int:passkey_id>/", account.PasskeyDetail.as_view()),
    path("invitations/check/", session.CheckInvitationView.as_view()),
    path("invitations/accept/", session.AcceptInvitationView.as_view()),
    path("me/", me.MeView.as_view()),
    path("diary/", diary.DiaryList.as_view()),
    path("diary/<str:day>/", diary.DiaryDay.as_view()),
    path("diary/<str:day>/history/", diary.DiaryHistory.as_view()),
    path("sync/", sync.SyncView.as_view()),
    path("infusions/", infusions.InfusionList.as_view()),
    path("infusions/<uuid:infusion_id>/", infusions.InfusionDetail.as_view()),
    path("infusions/<uuid:infusion_id>/cancel/", infusions.CancelInfusion.as_view()),
    path("clinics/<uuid:clinic_id>/booster-rule/", clinics.BoosterRuleView.as_view()),
    path("clinics/<uuid:clinic_id>/crisis-lines/", safety.CrisisLinesView.as_view()),
    path("reminders/key/", reminders.PushKeyView.as_view()),
    path("reminders/subscribe/", reminders.SubscriptionView.as_view()),
    path("reminders/unsubscribe/", reminders.EndSubscriptionView.as_view()),
    path("reminders/try/", reminders.TryReminderView.as_view()),
    path("reminders/answer/", reminders.ReminderAnswerView.as_view()),
    path("reminders/stop/<str:token>/", reminders.StopLettersView.as_view()),
    path("safety/", safety.SafetyView.as_view()),
    path("safety/plan/", safety.SafetyPlanView.as_view()),
    path("patients/", patients.PatientList.as_view()),
    path("patients/<uuid:patient_id>/", patients.PatientDetail.as_view()),
    path("patients/<uuid:patient_id>/state/", patients.PatientStateView.as_view()),
    path(
        "patients/<uuid:patient_id>/invitation/", patients.PatientInvitation.as_view()
    ),
    path("patients/<uuid:patient_id>/sessions/", patients.PatientSessions.as_view()),
    path("side-effects/", side_effects.SideEffectReports.as_view()),
    path("side-effects/vocabulary/", side_effects.Vocabulary.as_view()),
    path("relief/", relief.ReliefView.as_view()),
    path("relief/scorecards/", relief.ScorecardView.as_view()),
]

urlpatterns = [
    path("v1/", include(v1)),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", docs.DocsView.as_view()),
]
