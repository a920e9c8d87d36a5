from django.urls import path

from huiying.desk.collect.views import editing, hand, heightened, inbound, listing, mentions, uploads

app_name = "collect"
urlpatterns = [
    path("", listing.sources, name="sources"),
    path("many/", editing.many, name="many"),
    path("add/", editing.choose, name="choose"),
    path("add/<slug:kind>/", editing.add, name="add"),
    path("add/<slug:kind>/try/", editing.try_new, name="try_new"),
    path("<int:pk>/", listing.source, name="source"),
    path("<int:pk>/health/", listing.health, name="health"),
    path("<int:pk>/edit/", editing.edit, name="edit"),
    path("<int:pk>/edit/try/", editing.try_saved, name="try_saved"),
    path("<int:pk>/pause/", editing.pause, name="pause"),
    path("<int:pk>/resume/", editing.resume, name="resume"),
    path("<int:pk>/fetch/", editing.fetch, name="fetch"),
    path("<int:pk>/delete/", editing.delete, name="delete"),
    path("<int:pk>/key/", editing.key, name="key"),
    path("<int:pk>/upload/", uploads.bring, name="bring"),
    path("uploads/<int:pk>/", uploads.upload, name="upload"),
    path("uploads/<int:pk>/columns/", uploads.columns, name="upload_columns"),
    path("uploads/<int:pk>/take/", uploads.take, name="upload_take"),
    path("uploads/<int:pk>/drop/", uploads.drop, name="upload_drop"),
    path("uploads/<int:pk>/progress/", uploads.progress, name="upload_progress"),
    path("enter/", hand.enter, name="enter"),
    path("enter/<slug:form>/", hand.enter_form, name="enter_form"),
    path("mentions/<int:pk>/", mentions.mention, name="mention"),
    path("mentions/<int:pk>/plain/", mentions.reveal, name="reveal"),
    path("captures/<int:pk>/", mentions.capture, name="capture"),
    path("attachments/<int:pk>/", mentions.attachment, name="attachment"),
    path("heightened/", heightened.heightened, name="heightened"),
    path("heightened/add/", heightened.add, name="heighten"),
    path("heightened/<int:pk>/end/", heightened.end, name="end_heightened"),
    path("heightened/<int:pk>/approve/", heightened.approve, name="approve_heightened"),
    path("heightened/<int:pk>/refuse/", heightened.refuse, name="refuse_heightened"),
    path("inbound/<int:pk>/", inbound.inbound, name="inbound"),
]
