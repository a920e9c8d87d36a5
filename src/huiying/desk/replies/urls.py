from django.urls import path

from huiying.desk.replies.views import approval, drafts, lines, publishing, referrals, typing, wording

app_name = "replies"
urlpatterns = [
    path("", drafts.drafts, name="drafts"),
    path("cases/<str:number>/new/", drafts.start, name="start"),
    path("cases/<str:number>/lines/", lines.lines, name="lines"),
    path("cases/<str:number>/lines/write/", lines.write, name="write_lines"),
    path("cases/<str:number>/referrals/new/", referrals.propose, name="propose"),
    path("lines/<int:pk>/approve/", lines.approve, name="approve_lines"),
    path("lines/<int:pk>/return/", lines.give_back, name="return_lines"),
    path("<int:pk>/", drafts.draft, name="draft"),
    path("<int:pk>/save/", drafts.save, name="save"),
    path("<int:pk>/check/", typing.check, name="check"),
    path("<int:pk>/mend/", typing.mend, name="mend"),
    path("<int:pk>/submit/", drafts.submit, name="submit"),
    path("<int:pk>/drop/", drafts.drop, name="drop"),
    path("<int:pk>/approve/", approval.approve, name="approve"),
    path("<int:pk>/return/", approval.give_back, name="return"),
    path("<int:pk>/recall/", approval.recall, name="recall"),
    path("<int:pk>/review/", approval.review, name="review"),
    path("<int:pk>/publish/", publishing.publish, name="publish"),
    path("<int:pk>/urgent/", publishing.urgent, name="urgent"),
    path("<int:pk>/correct/", publishing.correct, name="correct"),
    path("<int:pk>/places/", publishing.add_copy, name="add_copy"),
    path("<int:pk>/places/<int:publication>/", publishing.record_copy, name="record_copy"),
    path("referrals/", referrals.referrals, name="referrals"),
    path("referrals/<int:pk>/", referrals.referral, name="referral"),
    path("referrals/<int:pk>/decide/", referrals.decide, name="decide"),
    path("referrals/<int:pk>/send/", referrals.send, name="send"),
    path("referrals/<int:pk>/outcome/", referrals.outcome, name="outcome"),
    path("wording/", wording.wording, name="wording"),
    path("wording/add/", wording.add, name="add_word"),
    path("wording/<int:pk>/", wording.change, name="change_word"),
    path("wording/<int:pk>/switch/", wording.switch, name="switch_word"),
]
