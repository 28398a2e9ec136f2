"""flask-oidc, as its quick start says."""

from flask import Flask, session
from flask_oidc import OpenIDConnect

from party import WRONG_SECRET, asked, found, visit


def application(secret):
    app = Flask("shop")
    client = {"client_id": asked["clientId"], "client_secret": secret, "issuer": asked["issuer"]}
    app.config.update(SECRET_KEY="the application's own", OIDC_CLIENT_SECRETS={"web": client})
    oidc = OpenIDConnect(app)

    @app.route("/")
    def index():
        return {
            "in": oidc.user_loggedin,
            "claims": session.get("oidc_auth_token", {}).get("userinfo"),
            "userinfo": session.get("oidc_auth_profile"),
        }

    return app


def sign_in(secret, how):
    browser = application(secret).test_client()
    left = browser.get("/login", base_url=asked["base"]).location
    page = browser.get(visit(left, how), base_url=asked["base"])
    return browser, page


cancelled = sign_in(asked["clientSecret"], "cancel")[1]
browser, page = sign_in(asked["clientSecret"], "sign-in")
signed_in = browser.get("/", base_url=asked["base"]).json
wrong = sign_in(WRONG_SECRET, "sign-in")[1]
found(
    cancelled={"status": cancelled.status, "description": cancelled.text},
    **signed_in,
    wrongSecret={"status": wrong.status, "description": wrong.text},
)
