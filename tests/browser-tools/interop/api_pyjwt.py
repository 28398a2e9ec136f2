"""An API that checks access tokens with PyJWT, as its documentation says: the issuer and its own name are all it is told."""

import json
import sys
from urllib.request import urlopen

import jwt

from party import asked

with urlopen(f"{asked['issuer']}/.well-known/openid-configuration") as answer:
    metadata = json.load(answer)
keys = jwt.PyJWKClient(metadata["jwks_uri"])


def judged(token):
    """What the token says, or why it is refused."""
    try:
        key = keys.get_signing_key_from_jwt(token)
        claims = jwt.decode(token, key, audience=asked["audience"], issuer=asked["issuer"])
        return {"accepted": claims}
    except jwt.PyJWTError as error:
        return {"refused": f"{type(error).__name__}: {error}"}


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    print(json.dumps(judged(line.strip())), flush=True)
