"""Where each room of the desk is reached."""

from django.urls import include, path

urlpatterns = [
    path("", include("huiying.desk.shell.urls")),
    path("accounts/", include("huiying.desk.accounts.sign_in_urls")),
    path("", include("huiying.desk.accounts.urls")),
    path("", include("huiying.desk.today.start.urls")),
    path("", include("huiying.desk.today.urls")),
    path("plans/", include("huiying.desk.plans.urls")),
    path("drills/", include("huiying.desk.drills.urls")),
    path("sources/", include("huiying.desk.collect.urls")),
    path("listen/", include("huiying.desk.listen.urls")),
    path("", include("huiying.desk.cases.urls")),
    path("replies/", include("huiying.desk.replies.urls")),
    path("reports/", include("huiying.desk.reports.urls")),
    path("notices/", include("huiying.desk.notify.urls")),
    path("library/", include("huiying.desk.library.urls")),
    path("joint/", include("huiying.desk.joint.urls")),
    path("public/", include("huiying.desk.public.urls")),
    path("sample/", include("huiying.desk.sample.urls")),
    path("api/", include("huiying.desk.api.urls")),
]

handler400 = "huiying.desk.shell.views.bad_request"
handler403 = "huiying.desk.shell.views.forbidden"
handler404 = "huiying.desk.shell.views.not_found"
