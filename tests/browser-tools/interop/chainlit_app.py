"""Chainlit with its generic provider, as its page on OAuth says: variables, and a callback."""

import logging
import os
import tempfile

from party import WRONG_SECRET, asked, found, visit

home = tempfile.TemporaryDirectory(prefix="chainlit-")
os.environ.update(
    CHAINLIT_APP_ROOT=home.name,
    CHAINLIT_AUTH_SECRET="the application's own, of 32 characters and more",
    CHAINLIT_URL=asked["base"],
    OAUTH_GENERIC_CLIENT_ID=asked["clientId"],
    OAUTH_GENERIC_CLIENT_SECRET=asked["clientSecret"],
    OAUTH_GENERIC_AUTH_URL=asked["issuer"] + "/auth",
    OAUTH_GENERIC_TOKEN_URL=asked["issuer"] + "/token",
    OAUTH_GENERIC_USER_INFO_URL=asked["issuer"] + "/me",
    OAUTH_GENERIC_SCOPES="openid profile email",
)

# It reads the variables while it is imported.
import chainlit  # noqa: E402
from chainlit.logger import logger  # noqa: E402
from chainlit.oauth_providers import get_oauth_provider  # noqa: E402
from chainlit.server import app  # noqa: E402
from fastapi.testclient import TestClient  # noqa: E402

seen, log = [], []


@chainlit.oauth_callback
async def oauth_callback(provider_id, token, raw_user_data, default_user):
    seen.append(raw_user_data)
    return default_user


class Log(logging.Handler):
    def emit(self, record):
        log.append(record.getMessage())


# What it says of a refusal stands in its log alone.
logger.handlers, logger.propagate = [Log()], False


def sign_in(how):
    log.clear()
    browser = TestClient(app, base_url=asked["base"], follow_redirects=False)
    left = browser.get("/auth/oauth/generic").headers["location"]
    back = browser.get(visit(left, how))
    return {"to": back.headers["location"], "user": browser.get("/user").json(), "log": log.copy()}


cancelled = sign_in("cancel")
signed_in = sign_in("sign-in")
get_oauth_provider("generic").client_secret = WRONG_SECRET
wrong = sign_in("sign-in")
# Its own user is known by the mail address.
claims = {"sub": seen[0]["sub"], "name": seen[0]["name"], "email": signed_in["user"]["identifier"]}
home.cleanup()
found(cancelled=cancelled, claims=claims, userinfo=seen[0], wrongSecret=wrong)
