"""Where the library is reached."""

from django.urls import path

from huiying.desk.library.views import appraisal, cases, knowledge, media

app_name = "library"
urlpatterns = [
    path("", cases.index, name="index"),
    path("knowledge/", knowledge.index, name="knowledge"),
    path("knowledge/new/", knowledge.write, name="knowledge_new"),
    path("knowledge/<int:pk>/", knowledge.one, name="knowledge_one"),
    path("knowledge/<int:pk>/write/", knowledge.write, name="knowledge_write"),
    path("knowledge/<int:pk>/approve/", knowledge.approve, name="knowledge_approve"),
    path("knowledge/<int:pk>/confirm/", knowledge.confirm, name="knowledge_confirm"),
    path("knowledge/<int:pk>/withdraw/", knowledge.withdraw, name="knowledge_withdraw"),
    path("media/", media.index, name="media"),
    path("media/new/", media.add, name="media_add"),
    path("media/<int:pk>/", media.one, name="media_one"),
    path("media/<int:pk>/change/", media.change, name="media_change"),
    path("media/<int:pk>/retire/", media.retire, name="media_retire"),
    path("media/<int:pk>/talk/", media.talk, name="media_talk"),
    path("appraisal/", appraisal.index, name="appraisal"),
    path("appraisal/<str:what>.xlsx", appraisal.sheet, name="appraisal_sheet"),
    path("<str:number>/review/", cases.review, name="review"),
    path("<str:number>/archive/", cases.archive, name="archive"),
    path("<str:number>/package/<int:pk>/", cases.package, name="package"),
]
