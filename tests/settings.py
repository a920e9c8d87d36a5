"""The desk's settings for tests: a home that is thrown away, fast passwords, a database of the tester's choice."""

import os
import tempfile

os.environ["HUIYING_TESTING"] = "1"
os.environ["HUIYING_HOME"] = tempfile.mkdtemp(prefix="huiying-test-")
os.environ["HUIYING_SECRET"] = "a-secret-for-tests-only"
os.environ["HUIYING_MAIL_URL"] = "memorymail://"
# Tests serve their own feeds and channels from this machine.
os.environ["HUIYING_FETCH_ALLOW"] = ""

from huiying.desk.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
AXES_ENABLED = False
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405

# On SQLite a file, as in life: in memory two writers would not wait for each other but fail.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}  # noqa: F405
