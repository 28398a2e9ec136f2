// zitadel/oidc as the example of its client says, without that example's `prompt`, which is a greeting and no value of OpenID
// Connect.
//
// It talks to the test that runs it as ../../party.mjs does.
package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/zitadel/oidc/v3/pkg/client/rp"
	httphelper "github.com/zitadel/oidc/v3/pkg/http"
	"github.com/zitadel/oidc/v3/pkg/oidc"

	"vestibule.example/interop/talk"
)

var key = []byte("test1234test1234")

// application is the example's: its provider, and its two routes.
func application(asked talk.Asked, secret string) (rp.RelyingParty, *http.ServeMux, *oidc.Tokens[*oidc.IDTokenClaims]) {
	cookies := httphelper.NewCookieHandler(key, key, httphelper.WithUnsecure())
	provider, err := rp.NewRelyingPartyOIDC(
		context.Background(), asked.Issuer, asked.ClientID, secret, asked.RedirectURI, []string{"openid", "profile", "email"},
		rp.WithCookieHandler(cookies), rp.WithSigningAlgsFromDiscovery(),
	)
	talk.Check(err)
	got := &oidc.Tokens[*oidc.IDTokenClaims]{}
	show := func(
		w http.ResponseWriter, _ *http.Request, tokens *oidc.Tokens[*oidc.IDTokenClaims], _ string, _ rp.RelyingParty,
		info *oidc.UserInfo,
	) {
		*got = *tokens
		talk.Check(json.NewEncoder(w).Encode(info))
	}
	routes := http.NewServeMux()
	routes.Handle("/login", rp.AuthURLHandler(rand.Text, provider))
	routes.Handle("/auth/callback", rp.CodeExchangeHandler(rp.UserinfoCallback(show), provider))
	return provider, routes, got
}

// signIn is a person's browser at the application's side; gives the page that is shown in the end.
func signIn(routes *http.ServeMux, as string) *httptest.ResponseRecorder {
	start := httptest.NewRecorder()
	routes.ServeHTTP(start, httptest.NewRequest(http.MethodGet, "/login", nil))
	back, _ := talk.Visit(start.Header().Get("Location"), as)
	request := httptest.NewRequest(http.MethodGet, back, nil)
	for _, cookie := range start.Result().Cookies() {
		request.AddCookie(cookie)
	}
	shown := httptest.NewRecorder()
	routes.ServeHTTP(shown, request)
	return shown
}

func main() {
	asked := talk.Read()
	ctx := context.Background()
	provider, routes, tokens := application(asked, asked.ClientSecret)
	cancelled := signIn(routes, "cancel")
	shown := signIn(routes, "sign-in")
	var info map[string]any
	talk.Check(json.Unmarshal(shown.Body.Bytes(), &info))
	again, err := rp.RefreshTokens[*oidc.IDTokenClaims](ctx, provider, tokens.RefreshToken, "", "")
	talk.Check(err)

	_, wrong, _ := application(asked, talk.WrongSecret)
	wrongSecret := signIn(wrong, "sign-in")

	end, err := rp.EndSession(ctx, provider, tokens.IDToken, asked.SignedOutURI, "", "", nil)
	talk.Check(err)
	signedOut, _ := talk.Visit(end.String(), "sign-out")
	talk.Found(map[string]any{
		"cancelled":   strings.TrimSpace(cancelled.Body.String()),
		"claims":      tokens.IDTokenClaims,
		"userinfo":    info,
		"refreshed":   again.AccessToken != tokens.AccessToken,
		"wrongSecret": strings.TrimSpace(wrongSecret.Body.String()),
		"signedOut":   signedOut,
	})
}
