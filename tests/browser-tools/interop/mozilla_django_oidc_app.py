"""mozilla-django-oidc, as its page on installation says; its user's address is what it knows people by."""

from django.contrib.auth import get_user_model
from django.test import override_settings

from party import WRONG_SECRET, asked, complaint, django, found, visit
issuer = asked["issuer"]
client = django(
    ["mozilla_django_oidc"],
    [],
    [("oidc/", "mozilla_django_oidc.urls")],
    AUTHENTICATION_BACKENDS=["mozilla_django_oidc.auth.OIDCAuthenticationBackend"],
    OIDC_RP_CLIENT_ID=asked["clientId"],
    OIDC_RP_CLIENT_SECRET=asked["clientSecret"],
    OIDC_RP_SIGN_ALGO="RS256",
    OIDC_OP_AUTHORIZATION_ENDPOINT=f"{issuer}/auth",
    OIDC_OP_TOKEN_ENDPOINT=f"{issuer}/token",
    OIDC_OP_USER_ENDPOINT=f"{issuer}/me",
    OIDC_OP_JWKS_ENDPOINT=f"{issuer}/jwks",
    LOGIN_REDIRECT_URL_FAILURE="/failed",
)


def sign_in(how):
    browser = client()
    left = browser.get("/oidc/authenticate/").url
    page = browser.get(visit(left, how))
    user = get_user_model().objects.filter(pk=browser.session.get("_auth_user_id")).first()
    return {"to": page.url, "claims": user and {"email": user.email}}


cancelled = sign_in("cancel")
signed_in = sign_in("sign-in")
with override_settings(OIDC_RP_CLIENT_SECRET=WRONG_SECRET):
    try:
        wrong = sign_in("sign-in")
    except OSError as error:
        wrong = complaint(error)
found(cancelled=cancelled, **signed_in, wrongSecret=wrong)
