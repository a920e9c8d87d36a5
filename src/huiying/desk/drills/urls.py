"""Where plans are tried."""

from django.urls import path

from huiying.desk.drills.views import exercises, rehearsals

app_name = "drills"
urlpatterns = [
    path("", rehearsals.index, name="index"),
    path("plans/<slug:name>/<int:number>/", rehearsals.of_plan, name="of_plan"),
    path("plans/<slug:name>/<int:number>/ask/", rehearsals.ask, name="ask"),
    path("rehearsals/<int:pk>/", rehearsals.rehearsal, name="rehearsal"),
    path("rehearsals/<int:pk>/progress/", rehearsals.progress, name="progress"),
    path("rehearsals/<int:pk>/against/<int:other>/", rehearsals.compare, name="compare"),
    path("rehearsals/<int:pk>/report.<slug:fmt>", rehearsals.file, name="file"),
    path("rehearsals/<int:pk>/drop/", rehearsals.drop, name="drop"),
    path("rehearsals/<int:pk>/forget/", rehearsals.forget, name="forget"),
    path("filed/", exercises.filed, name="filed"),
    path("exercises/plan/", exercises.plan, name="plan"),
    path("exercises/<int:pk>/", exercises.exercise, name="exercise"),
    path("exercises/<int:pk>/pulse/", exercises.pulse, name="pulse"),
    path("exercises/<int:pk>/script/", exercises.script, name="script"),
    path("exercises/<int:pk>/begin/", exercises.begin, name="begin"),
    path("exercises/<int:pk>/stop/", exercises.stop, name="stop"),
    path("exercises/<int:pk>/abort/", exercises.abort, name="abort"),
    path("exercises/<int:pk>/take/<str:key>/", exercises.take_up, name="take_up"),
    path("exercises/<int:pk>/file/", exercises.keep, name="keep"),
]
