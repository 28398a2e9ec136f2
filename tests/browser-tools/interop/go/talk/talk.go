// Package talk is how a party in Go talks to the test that runs it, as ../../party.mjs does.
package talk

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"golang.org/x/oauth2"
)

// WrongSecret is not the secret.
const WrongSecret = "another-secret-altogether-0123456789"

// Asked is what the test says.
type Asked struct{ Issuer, ClientID, ClientSecret, RedirectURI, SignedOutURI, Audience string }

var lines = bufio.NewReader(os.Stdin)

// Say writes a line of JSON.
func Say(what map[string]any) {
	text, err := json.Marshal(what)
	Check(err)
	fmt.Println(string(text))
}

// Check ends the program when there is an error.
func Check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// Read reads what the test says.
func Read() (asked Asked) {
	Check(json.Unmarshal([]byte(os.Args[1]), &asked))
	return asked
}

// Visit sends the person to the provider; gives the address at which they came back, and its query.
func Visit(to, as string) (string, url.Values) {
	Say(map[string]any{"visit": to, "as": as})
	line, err := lines.ReadString('\n')
	Check(err)
	back, err := url.Parse(strings.TrimSpace(line))
	Check(err)
	return back.String(), back.Query()
}

// Found says what was found.
func Found(what map[string]any) { Say(map[string]any{"found": what}) }

// Complaint is an error as x/oauth2 gives it, or its text.
func Complaint(err error) map[string]string {
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return map[string]string{"error": refused.ErrorCode, "description": refused.ErrorDescription}
	}
	return map[string]string{"error": fmt.Sprint(err)}
}
