from django.urls import path

from huiying.desk.notify.views import outbox, ways

app_name = "notify"
urlpatterns = [
    path("", outbox.outbox, name="outbox"),
    path("<int:pk>/", outbox.message, name="message"),
    path("again/", outbox.again, name="again"),
    path("give-up/", outbox.give_up, name="give_up"),
    path("mine/", outbox.mine, name="mine"),
    path("test/<int:contact_id>/", outbox.test, name="test"),
    path("channels/", ways.channels, name="channels"),
    path("channels/<slug:name>/", ways.channel, name="channel"),
    path("outlets/new/<slug:channel>/", ways.new_outlet, name="new_outlet"),
    path("outlets/<int:pk>/", ways.outlet, name="outlet"),
]
