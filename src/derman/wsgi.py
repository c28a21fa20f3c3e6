"""What the web server loads."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

POOL = {"min_size": 1, "max_size": 8, "timeout": 10}

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "derman.settings")
database = settings.DATABASES["default"]
if database["ENGINE"].endswith("postgresql"):
    # For the threads of the web only. It opens with the first query, so after any fork.
    database["OPTIONS"]["pool"] = POOL
application = get_wsgi_application()
