// go-oidc with x/oauth2, as the example of go-oidc's documentation says.
//
// It talks to the test that runs it as ../../party.mjs does.
package main

import (
	"bufio"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

type asked struct{ Issuer, ClientID, ClientSecret, RedirectURI, SignedOutURI string }

type complaint struct {
	Error       string `json:"error"`
	Description string `json:"description"`
	// What the person came back with.
	Answer string `json:"answer"`
}

var lines = bufio.NewReader(os.Stdin)

func say(what map[string]any) {
	text, err := json.Marshal(what)
	check(err)
	fmt.Println(string(text))
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// visit sends the person to the provider and gives the query with which they came back.
func visit(to, as string) (string, url.Values) {
	say(map[string]any{"visit": to, "as": as})
	line, err := lines.ReadString('\n')
	check(err)
	back, err := url.Parse(strings.TrimSpace(line))
	check(err)
	return back.String(), back.Query()
}

func signIn(ctx context.Context, config oauth2.Config, as string) (*oauth2.Token, *complaint) {
	state := rand.Text()
	_, query := visit(config.AuthCodeURL(state), as)
	if query.Get("state") != state {
		return nil, &complaint{"state", query.Get("state"), ""}
	}
	// What the documentation does: it exchanges whatever came, and shows the error.
	token, err := config.Exchange(ctx, query.Get("code"))
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return nil, &complaint{refused.ErrorCode, refused.ErrorDescription, query.Get("error")}
	}
	check(err)
	return token, nil
}

func main() {
	var asked asked
	check(json.Unmarshal([]byte(os.Args[1]), &asked))
	ctx := context.Background()
	provider, err := oidc.NewProvider(ctx, asked.Issuer)
	check(err)
	config := oauth2.Config{
		ClientID:     asked.ClientID,
		ClientSecret: asked.ClientSecret,
		RedirectURL:  asked.RedirectURI,
		Endpoint:     provider.Endpoint(),
		Scopes:       []string{oidc.ScopeOpenID, "profile", "email"},
	}

	_, cancelled := signIn(ctx, config, "cancel")
	token, refused := signIn(ctx, config, "sign-in")
	if refused != nil {
		check(fmt.Errorf("refused: %v", *refused))
	}
	raw, _ := token.Extra("id_token").(string)
	idToken, err := provider.Verifier(&oidc.Config{ClientID: asked.ClientID}).Verify(ctx, raw)
	check(err)
	var claims, info map[string]any
	check(idToken.Claims(&claims))
	userinfo, err := provider.UserInfo(ctx, config.TokenSource(ctx, token))
	check(err)
	check(userinfo.Claims(&info))
	again, err := config.TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	check(err)

	wrong := config
	wrong.ClientSecret = "another-secret-altogether-0123456789"
	_, wrongSecret := signIn(ctx, wrong, "sign-in")

	var discovered struct {
		End string `json:"end_session_endpoint"`
	}
	check(provider.Claims(&discovered))
	end := url.Values{"id_token_hint": {raw}, "post_logout_redirect_uri": {asked.SignedOutURI}}
	signedOut, _ := visit(discovered.End+"?"+end.Encode(), "sign-out")
	say(map[string]any{"found": map[string]any{
		"cancelled":   cancelled,
		"claims":      claims,
		"userinfo":    info,
		"refreshed":   again.AccessToken != token.AccessToken,
		"wrongSecret": wrongSecret,
		"signedOut":   signedOut,
	}})
}
