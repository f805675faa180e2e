"""The web server's way in: `gunicorn wsgi:app`, and `flask --app wsgi` for the commands."""

from config import Settings
from lado import create_app, no_dumps

no_dumps.refuse()
app = create_app(Settings.from_environment())
