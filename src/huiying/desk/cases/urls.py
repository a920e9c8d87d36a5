from django.urls import path

from huiying.desk.cases.forms import VERBS
from huiying.desk.cases.views import ack, asked, board, lists, opening, page, verbs

app_name = "cases"
urlpatterns = [
    path("cases/", lists.cases, name="list"),
    path("cases/open/", opening.open_case, name="open"),
    path("cases/export/<slug:fmt>/", lists.export, name="export"),
    path("cases/selected/", lists.selected, name="selected"),
    path("cases/urges/", asked.urges, name="urges"),
    path("cases/urges/export/<slug:fmt>/", asked.urges_sheet, name="urges_sheet"),
    path("cases/requests/", asked.requests, name="requests"),
    path("cases/requests/export/<slug:fmt>/", asked.requests_sheet, name="requests_sheet"),
    path("cases/board/", board.board, name="board"),
    path("cases/board/accept/", board.accept, name="board_accept"),
    path("cases/board/<int:pk>/route/", board.route, name="board_route"),
    path("cases/board/<int:pk>/join/", board.join, name="board_join"),
    path("cases/board/<int:pk>/aside/", board.aside, name="board_aside"),
    path("cases/<slug:number>/", page.case, name="case"),
    path("cases/<slug:number>/journal/", page.journal_file, name="journal"),
    path("cases/<slug:number>/files/<slug:sha256>/", page.file, name="file"),
    *(path(f"cases/<slug:number>/{verb.slug}/", verbs.view_of(verb), name=verb.slug) for verb in VERBS),
    path("a/<str:token>/", ack.acknowledge, name="ack"),
]
