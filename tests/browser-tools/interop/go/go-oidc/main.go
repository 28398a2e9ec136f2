// go-oidc with x/oauth2, as the example of go-oidc's documentation says.
//
// It talks to the test that runs it as ../../party.mjs does.
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"vestibule.example/interop/talk"
)

func signIn(ctx context.Context, config oauth2.Config, as string) (*oauth2.Token, error) {
	state := rand.Text()
	_, query := talk.Visit(config.AuthCodeURL(state), as)
	if query.Get("state") != state {
		return nil, fmt.Errorf("another state: %s", query.Get("state"))
	}
	// What the documentation does: it exchanges whatever came, and shows the error.
	return config.Exchange(ctx, query.Get("code"))
}

func main() {
	asked := talk.Read()
	ctx := context.Background()
	provider, err := oidc.NewProvider(ctx, asked.Issuer)
	talk.Check(err)
	config := oauth2.Config{
		ClientID:     asked.ClientID,
		ClientSecret: asked.ClientSecret,
		RedirectURL:  asked.RedirectURI,
		Endpoint:     provider.Endpoint(),
		Scopes:       []string{oidc.ScopeOpenID, "profile", "email"},
	}

	_, cancelled := signIn(ctx, config, "cancel")
	token, err := signIn(ctx, config, "sign-in")
	talk.Check(err)
	raw, _ := token.Extra("id_token").(string)
	idToken, err := provider.Verifier(&oidc.Config{ClientID: asked.ClientID}).Verify(ctx, raw)
	talk.Check(err)
	var claims, info map[string]any
	talk.Check(idToken.Claims(&claims))
	userinfo, err := provider.UserInfo(ctx, config.TokenSource(ctx, token))
	talk.Check(err)
	talk.Check(userinfo.Claims(&info))
	again, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	talk.Check(err)

	wrong := config
	wrong.ClientSecret = talk.WrongSecret
	_, wrongSecret := signIn(ctx, wrong, "sign-in")

	var discovered struct {
		End string `json:"end_session_endpoint"`
	}
	talk.Check(provider.Claims(&discovered))
	end := url.Values{"id_token_hint": {raw}, "post_logout_redirect_uri": {asked.SignedOutURI}}
	signedOut, _ := talk.Visit(discovered.End+"?"+end.Encode(), "sign-out")
	talk.Found(map[string]any{
		"cancelled":   talk.Complaint(cancelled),
		"claims":      claims,
		"userinfo":    info,
		"refreshed":   again.AccessToken != token.AccessToken,
		"wrongSecret": talk.Complaint(wrongSecret),
		"signedOut":   signedOut,
	})
}
