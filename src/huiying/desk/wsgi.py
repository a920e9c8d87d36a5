"""The entry of the web server."""

import os

from django.core.wsgi import get_wsgi_application

from huiying.desk.worker.supervisor import follow_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huiying.desk.settings")
# A server process whose master was killed would go on holding the port.
if os.environ.get("HUIYING_SERVER") == str(os.getppid()):
    follow_parent(lambda: os._exit(0), {"HUIYING_PARENT": os.environ["HUIYING_SERVER"]})
application = get_wsgi_application()
