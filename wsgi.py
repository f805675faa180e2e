"""The web server's way in: `gunicorn wsgi:app`, and `flask --app wsgi` for the commands."""

from config import Settings
from lado import create_app

app = create_app(Settings.from_environment())
