"""Flask-pyoidc, as its documentation says for a client that is registered."""

import flask
from flask import Flask, jsonify
from flask_pyoidc import OIDCAuthentication
from flask_pyoidc.provider_configuration import ClientMetadata, ProviderConfiguration
from flask_pyoidc.user_session import UserSession

from party import WRONG_SECRET, asked, found, visit


def application(secret):
    app = Flask("shop")
    app.config.update(OIDC_REDIRECT_URI=asked["redirectUri"], SECRET_KEY="the application's own")
    client = ClientMetadata(client_id=asked["clientId"], client_secret=secret)
    provider = ProviderConfiguration(issuer=asked["issuer"], client_metadata=client)
    auth = OIDCAuthentication({"default": provider})
    auth.init_app(app)

    @app.route("/")
    @auth.oidc_auth("default")
    def index():
        session = UserSession(flask.session)
        return jsonify(claims=session.id_token, userinfo=session.userinfo)

    @app.route("/token")
    def token():
        before = UserSession(flask.session).access_token
        return jsonify(refreshed=auth.valid_access_token(force_refresh=True) not in (None, before))

    @auth.error_view
    def failed(error=None, error_description=None):
        return jsonify(error=error, description=error_description)

    return app


def sign_in(secret, how):
    browser = application(secret).test_client()
    left = browser.get("/", base_url=asked["base"]).location
    return browser, browser.get(visit(left, how), base_url=asked["base"], follow_redirects=True).json


cancelled = sign_in(asked["clientSecret"], "cancel")[1]
browser, signed_in = sign_in(asked["clientSecret"], "sign-in")
refreshed = browser.get("/token", base_url=asked["base"]).json
wrong = sign_in(WRONG_SECRET, "sign-in")[1]
found(cancelled=cancelled, **signed_in, **refreshed, wrongSecret=wrong)
