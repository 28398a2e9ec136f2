"""django-allauth with its provider `openid_connect`, as its documentation says."""

from django.contrib.auth import get_user_model
from django.test import override_settings

from party import WRONG_SECRET, asked, django, found, visit


def providers(secret):
    app = {
        "provider_id": "vestibule",
        "name": "Vestibule",
        "client_id": asked["clientId"],
        "secret": secret,
        "settings": {"server_url": asked["issuer"]},
    }
    return {"openid_connect": {"APPS": [app]}}


client = django(
    [
        "allauth",
        "allauth.account",
        "allauth.socialaccount",
        "allauth.socialaccount.providers.openid_connect",
    ],
    ["allauth.account.middleware.AccountMiddleware"],
    [("accounts/", "allauth.urls")],
    AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
    SOCIALACCOUNT_PROVIDERS=providers(asked["clientSecret"]),
    EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
)


def sign_in(how):
    browser = client()
    left = browser.post("/accounts/oidc/vestibule/login/").url
    page = browser.get(visit(left, how))
    told = page.context.get("auth_error") if page.context else None
    user = get_user_model().objects.filter(pk=browser.session.get("_auth_user_id")).first()
    return {
        "status": page.status_code,
        "to": page.headers.get("location"),
        "told": told and {key: str(value) for key, value in told.items()},
        "user": user,
    }


cancelled = sign_in("cancel")
user = sign_in("sign-in").pop("user")
with override_settings(SOCIALACCOUNT_PROVIDERS=providers(WRONG_SECRET)):
    wrong = sign_in("sign-in")
account = user and user.socialaccount_set.get()
cancelled.pop("user")
wrong.pop("user")
found(
    cancelled=cancelled,
    claims=account and {"sub": account.uid, "name": user.get_full_name(), "email": user.email},
    idToken=account and account.extra_data.get("id_token"),
    userinfo=account and account.extra_data.get("userinfo"),
    wrongSecret=wrong,
)
