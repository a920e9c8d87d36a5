"""Where papers are reached."""

from django.urls import path

from huiying.desk.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.index, name="index"),
    path("templates/", views.templates, name="templates"),
    path("templates/<int:pk>/drop/", views.drop_template, name="drop_template"),
    path("new/<str:kind>/", views.start, name="start"),
    path("<int:pk>/", views.paper, name="paper"),
    path("<int:pk>/write/", views.write, name="write"),
    path("<int:pk>/redraft/", views.redraft, name="redraft"),
    path("<int:pk>/discard/", views.discard, name="discard"),
    path("<int:pk>/sign/", views.sign, name="sign"),
    path("<int:pk>/phone/", views.phone, name="phone"),
    path("<int:pk>/issue/", views.issue, name="issue"),
    path("<int:pk>/read/", views.read, name="read"),
    path("<int:pk>/instruct/", views.instruct, name="instruct"),
    path("<int:pk>/pages/<int:number>.png", views.page, name="page"),
    path("<int:pk>/paper.<str:form>", views.file, name="file"),
]
