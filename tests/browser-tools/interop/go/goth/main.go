// goth with its provider openidConnect, as its documentation says.
//
// It talks to the test that runs it as ../../party.mjs does.
package main

import (
	"crypto/rand"

	"github.com/markbates/goth"
	"github.com/markbates/goth/providers/openidConnect"

	"vestibule.example/interop/talk"
)

func signIn(asked talk.Asked, secret, as string) (*openidConnect.Provider, goth.User, error) {
	provider, err := openidConnect.New(
		asked.ClientID, secret, asked.RedirectURI,
		asked.Issuer+"/.well-known/openid-configuration", "profile", "email",
	)
	talk.Check(err)
	session, err := provider.BeginAuth(rand.Text())
	talk.Check(err)
	to, err := session.GetAuthURL()
	talk.Check(err)
	_, query := talk.Visit(to, as)
	if _, err := session.Authorize(provider, query); err != nil {
		return provider, goth.User{}, err
	}
	user, err := provider.FetchUser(session)
	return provider, user, err
}

func main() {
	asked := talk.Read()
	_, _, cancelled := signIn(asked, asked.ClientSecret, "cancel")
	provider, user, err := signIn(asked, asked.ClientSecret, "sign-in")
	talk.Check(err)
	again, err := provider.RefreshToken(user.RefreshToken)
	talk.Check(err)
	_, _, wrongSecret := signIn(asked, talk.WrongSecret, "sign-in")
	talk.Found(map[string]any{
		"cancelled":   talk.Complaint(cancelled),
		"claims":      map[string]any{"sub": user.UserID, "name": user.Name, "email": user.Email},
		"userinfo":    user.RawData,
		"refreshed":   again.AccessToken != user.AccessToken,
		"wrongSecret": talk.Complaint(wrongSecret),
	})
}
