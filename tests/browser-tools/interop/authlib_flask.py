"""Authlib in a Flask application, as its page on the Flask client says."""

from authlib.integrations.flask_client import OAuth, OAuthError
from flask import Flask, url_for

from party import WRONG_SECRET, asked, complaint, found, visit


def application(secret):
    app = Flask("shop")
    app.secret_key = "the application's own"
    oauth = OAuth(app)
    oauth.register(
        name="vestibule",
        client_id=asked["clientId"],
        client_secret=secret,
        server_metadata_url=asked["issuer"] + "/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile email"},
    )

    @app.route("/login")
    def login():
        return oauth.vestibule.authorize_redirect(url_for("callback", _external=True))

    @app.route("/callback")
    def callback():
        try:
            token = oauth.vestibule.authorize_access_token()
        except OAuthError as error:
            return complaint(error)
        again = oauth.vestibule.fetch_access_token(
            grant_type="refresh_token", refresh_token=token["refresh_token"]
        )
        return {
            "claims": token["userinfo"],
            "userinfo": oauth.vestibule.userinfo(token=token),
            "refreshed": again["access_token"] != token["access_token"],
        }

    return app


def sign_in(secret, how):
    browser = application(secret).test_client()
    left = browser.get("/login", base_url=asked["base"]).location
    return browser.get(visit(left, how), base_url=asked["base"]).json


cancelled = sign_in(asked["clientSecret"], "cancel")
signed_in = sign_in(asked["clientSecret"], "sign-in")
found(cancelled=cancelled, **signed_in, wrongSecret=sign_in(WRONG_SECRET, "sign-in"))
