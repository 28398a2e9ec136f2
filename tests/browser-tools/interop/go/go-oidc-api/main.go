// An API that checks access tokens with the verifier of go-oidc: the issuer and its own name are all it is told.
package main

import (
	"bufio"
	"context"
	"os"

	"github.com/coreos/go-oidc/v3/oidc"

	"vestibule.example/interop/talk"
)

func main() {
	asked := talk.Read()
	ctx := context.Background()
	provider, err := oidc.NewProvider(ctx, asked.Issuer)
	talk.Check(err)
	verifier := provider.Verifier(&oidc.Config{ClientID: asked.Audience})
	talk.Say(map[string]any{"ready": true})
	tokens := bufio.NewScanner(os.Stdin)
	for tokens.Scan() {
		var claims map[string]any
		token, err := verifier.Verify(ctx, tokens.Text())
		if err == nil {
			err = token.Claims(&claims)
		}
		if err != nil {
			talk.Say(map[string]any{"refused": err.Error()})
			continue
		}
		talk.Say(map[string]any{"accepted": claims})
	}
}
