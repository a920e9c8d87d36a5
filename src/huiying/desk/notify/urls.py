from django.urls import path

from huiying.desk.notify.views import circulars, outbox, ways

app_name = "notify"
urlpatterns = [
    path("", outbox.outbox, name="outbox"),
    path("<int:pk>/", outbox.message, name="message"),
    path("again/", outbox.again, name="again"),
    path("give-up/", outbox.give_up, name="give_up"),
    path("mine/", outbox.mine, name="mine"),
    path("circulars/", circulars.circulars, name="circulars"),
    path("circulars/new/", circulars.new_circular, name="new_circular"),
    path("circulars/<int:pk>/", circulars.circular, name="circular"),
    path("circulars/<int:pk>/again/", circulars.resend, name="resend"),
    path("circulars/<int:pk>/read/", circulars.read, name="read_circular"),
    path("test/<int:contact_id>/", outbox.test, name="test"),
    path("channels/", ways.channels, name="channels"),
    path("channels/<slug:name>/", ways.channel, name="channel"),
    path("outlets/new/<slug:channel>/", ways.new_outlet, name="new_outlet"),
    path("outlets/<int:pk>/", ways.outlet, name="outlet"),
]
