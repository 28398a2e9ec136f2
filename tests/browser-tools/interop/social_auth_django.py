"""social-auth-app-django with its generic OpenID Connect backend, as their documentation says."""

from django.contrib.auth import get_user_model
from django.test import override_settings

from party import WRONG_SECRET, asked, complaint, django, found, visit

client = django(
    ["social_django"],
    [],
    [("", "social_django.urls")],
    AUTHENTICATION_BACKENDS=["social_core.backends.open_id_connect.OpenIdConnectAuth"],
    SOCIAL_AUTH_OIDC_OIDC_ENDPOINT=asked["issuer"],
    SOCIAL_AUTH_OIDC_KEY=asked["clientId"],
    SOCIAL_AUTH_OIDC_SECRET=asked["clientSecret"],
)


def sign_in(how):
    browser = client()
    left = browser.post("/login/oidc/").url
    try:
        browser.get(visit(left, how))
    except Exception as error:
        return complaint(error)
    return get_user_model().objects.get(pk=browser.session["_auth_user_id"])


# Its models can be read only now.
from social_django.utils import load_strategy  # noqa: E402

cancelled = sign_in("cancel")
user = sign_in("sign-in")
if isinstance(user, dict):
    raise SystemExit(user)
social = user.social_auth.get()
before = social.extra_data["access_token"]
social.refresh_token(load_strategy())
with override_settings(SOCIAL_AUTH_OIDC_SECRET=WRONG_SECRET):
    wrong = sign_in("sign-in")
found(
    cancelled=cancelled,
    claims={"sub": social.uid, "name": user.get_full_name(), "email": user.email, "username": user.username},
    refreshed=social.extra_data["access_token"] != before,
    wrongSecret=wrong,
)
