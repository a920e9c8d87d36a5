"""Where what is done together is reached."""

from django.urls import path

from huiying.desk.joint.views import forces, meetings, opinions, press

app_name = "joint"
urlpatterns = [
    path("", meetings.index, name="index"),
    path("cases/<slug:number>/call/", meetings.call, name="call"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/answer/", meetings.answer, name="answer"),
    path("meetings/<int:pk>/cancel/", meetings.cancel, name="cancel"),
    path("meetings/<int:pk>/hold/", meetings.hold, name="hold"),
    path("meetings/<int:pk>/minutes/", meetings.minutes, name="minutes"),
    path("meetings/<int:pk>/decisions/", meetings.decide, name="decide"),
    path("meetings/<int:pk>/decisions/<int:decision>/drop/", meetings.drop, name="drop"),
    path("meetings/<int:pk>/submit/", meetings.submit, name="submit"),
    path("meetings/<int:pk>/adopt/", meetings.adopt, name="adopt"),
    path("meetings/<int:pk>/paper/", meetings.paper, name="paper"),
    path("forces/", forces.index, name="forces"),
    path("cases/<slug:number>/force/", forces.form_one, name="form_force"),
    path("forces/<int:pk>/", forces.force, name="force"),
    path("forces/<int:pk>/join/", forces.join, name="join"),
    path("forces/<int:pk>/members/<int:member>/leave/", forces.leave, name="leave"),
    path("forces/<int:pk>/dissolve/", forces.dissolve, name="dissolve"),
    path("opinions/", opinions.index, name="opinions"),
    path("cases/<slug:number>/opinion/", opinions.write, name="write_opinion"),
    path("opinions/<int:pk>/", opinions.opinion, name="opinion"),
    path("advisers/", opinions.add_adviser, name="add_adviser"),
    path("advisers/<int:pk>/", opinions.adviser, name="adviser"),
    path("advisers/<int:pk>/change/", opinions.change_adviser, name="change_adviser"),
    path("press/", press.index, name="press"),
    path("cases/<slug:number>/press/", press.plan, name="plan_press"),
    path("press/<int:pk>/", press.briefing, name="briefing"),
    path("press/<int:pk>/change/", press.change, name="change_press"),
    path("press/<int:pk>/outlets/", press.outlet, name="outlet"),
    path("press/<int:pk>/words/", press.words, name="words"),
    path("press/<int:pk>/kit/", press.kit, name="kit"),
    path("press/<int:pk>/higher/", press.higher, name="higher"),
    path("press/<int:pk>/clear/", press.clear, name="clear"),
    path("press/<int:pk>/held/", press.held, name="held"),
    path("press/<int:pk>/said/", press.spoken, name="said"),
    path("press/<int:pk>/questions/", press.question, name="question"),
    path("press/<int:pk>/talk/", press.talk, name="talk"),
]
