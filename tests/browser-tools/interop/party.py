"""What the parties of this folder that are written in Python share: how they talk to the test that runs them.

A party writes lines of JSON. `{"visit": URL, "as": "sign-in" | "cancel" | "sign-out"}` sends its person to the provider,
and the answer, one line, is the address at which the person came back. `{"found": ...}` is the end.
"""

import json
import sys
from urllib.parse import urlsplit

# What the test says: issuer, clientId, clientSecret, base (the application's origin), redirectUri.
asked = json.loads(sys.argv[1])

WRONG_SECRET = "another-secret-altogether-0123456789"


def visit(url, how):
    """Sends the person to the provider; gives the address at which they came back, without the origin."""
    print(json.dumps({"visit": url, "as": how}), flush=True)
    answer = sys.stdin.readline().strip()
    if not answer:
        raise SystemExit("nobody came back")
    back = urlsplit(answer)
    return f"{back.path}?{back.query}" if answer.startswith(asked["base"]) else answer


def found(**what):
    """Says what was found."""
    print(json.dumps({"found": what}), flush=True)


def complaint(error):
    """An error as its library gives it."""
    name = getattr(error, "error", None) or type(error).__name__
    return {"error": name, "description": getattr(error, "description", None) or str(error)}


def django(apps, middleware, patterns, **settings):
    """A Django project in memory with these applications and routes; gives its test client."""
    import django
    from django.conf import settings as configured
    from django.core.management import call_command
    from django.test import Client
    from django.test.utils import setup_test_environment
    from django.urls import include, path

    contrib = ["auth", "contenttypes", "sessions", "messages"]
    of_django = ["sessions.middleware.SessionMiddleware", "auth.middleware.AuthenticationMiddleware"]
    of_django.append("messages.middleware.MessageMiddleware")
    configured.configure(
        SECRET_KEY="the application's own",
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[f"django.contrib.{name}" for name in contrib] + apps,
        MIDDLEWARE=[f"django.contrib.{name}" for name in of_django] + middleware,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
            }
        ],
        ROOT_URLCONF=__name__,
        LOGIN_REDIRECT_URL="/",
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        LOGGING_CONFIG=None,
        USE_TZ=True,
        **settings,
    )
    django.setup()
    # So that what a template was told can be looked at.
    setup_test_environment()
    call_command("migrate", verbosity=0)
    globals()["urlpatterns"] = [path(at, include(routes)) for at, routes in patterns]
    return lambda: Client(headers={"host": urlsplit(asked["base"]).netloc})
