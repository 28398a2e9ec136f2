## Überall

ui-skip = Zum Inhalt springen
ui-demo-label = Über diese Seite
ui-demo = Vorführung. Nur die Beispielkonten benutzen; kein echtes Passwort eingeben.
ui-help = Hilfe
ui-language-switch = Sprache ändern
ui-error-prefix = Fehler:
ui-show = Anzeigen
ui-hide = Verbergen
ui-show-password = Passwort anzeigen
ui-hide-password = Passwort verbergen
ui-copy = Kopieren
ui-copied = Kopiert
ui-cancel = Abbrechen
ui-save = Speichern
ui-switch-account = Nicht Sie? Konto wechseln
ui-back-to-login = Zurück zur Anmeldung
ui-sign-out = Abmelden

nav-label = Ihr Konto
nav-profile = Profil
nav-password = Passwort
nav-security = Sicherheit
nav-sessions = Sitzungen
nav-apps = Verbundene Anwendungen

field-username = Benutzername
field-username-hint = Buchstaben, Ziffern, Punkte, Binde- und Unterstriche. Damit melden Sie sich an.
field-identifier = Benutzername oder E-Mail
field-password = Passwort
field-current-password = Aktuelles Passwort
field-new-password = Neues Passwort
field-password-hint = Mindestens { $min } Zeichen. Ein paar Wörter ohne Zusammenhang sind gut.
field-email = E-Mail
field-name = Anzeigename
field-name-hint = Freiwillig. Verbundene Anwendungen können ihn zeigen.
field-locale = Sprache

## Anmeldung

login-title = Anmelden
login-to-client = weiter zu { $client }
login-submit = Anmelden
login-again-title = Passwort bestätigen
login-again-submit = Bestätigen
login-forgot = Passwort vergessen?
login-no-account = Noch kein Konto?
login-register = Konto anlegen

factor-title = Bestätigen Sie, dass Sie es sind
factor-submit = Weiter
factor-others = Telefon verloren, oder es geht nicht? Anderen Weg nehmen
factor-lost = Telefon verloren? Wer diese Seite betreut, kann Ihnen hereinhelfen.
factor-totp = Authenticator-App
factor-totp-description = Ein sechsstelliger Code aus einer App auf Ihrem Telefon
factor-totp-enrol-title = Authenticator-App einrichten
factor-recovery = Wiederherstellungscodes
factor-recovery-description = Ein aufbewahrter Code für den Fall, dass das Telefon nicht zur Hand ist
factor-recovery-enrol-title = Ihre Wiederherstellungscodes
factor-label = Name dieses Geräts
factor-label-hint = Damit Sie es später erkennen, zum Beispiel „Diensttelefon“.

totp-code = Sechsstelliger Code
totp-verify-hint = Öffnen Sie Ihre Authenticator-App und geben Sie den Code ein, den sie zeigt.
totp-enrol-hint = Geben Sie den Code ein, den Ihre App jetzt zeigt.
totp-step-app = Authenticator-App bereithalten
totp-step-app-text = Jede App, die sechsstellige Codes zeigt, ist geeignet.
totp-no-app = Ich habe noch keine
totp-step-scan = Dieses Konto in der App hinzufügen
totp-qr-name = QR-Code, der { $issuer }, Konto { $account }, einer Authenticator-App hinzufügt
totp-scan-text = Scannen Sie diesen Code mit der App. Lesen Sie das auf dem Telefon? Dann öffnen Sie die App gleich.
totp-open-app = In Authenticator-App öffnen
totp-manual = Scannen geht nicht? Von Hand eingeben
totp-keep = Bewahren Sie Konto und Schlüssel an einem sicheren Ort auf. Damit können Sie ein anderes Telefon einrichten.
totp-issuer = Anbieter
totp-account = Konto
totp-secret = Schlüssel
totp-kind = Art
totp-kind-value = Zeitbasiert, 6 Stellen, alle 30 Sekunden
totp-step-code = Zeigen, dass es klappt

recovery-code = Wiederherstellungscode
recovery-enrol-text = Sie bekommen { $count } Codes für den Fall, dass das Telefon nicht zur Hand ist. Sie werden einmal gezeigt, auf der nächsten Seite.
recovery-enrol-replaced = { $replaced ->
    [one] Ihr einer unbenutzter Code gilt dann nicht mehr.
   *[other] Ihre { $replaced } unbenutzten Codes gelten dann nicht mehr.
}
recovery-verify-hint = Jeder Code gilt einmal. Bindestriche, Leerzeichen und Groß- oder Kleinschreibung spielen keine Rolle.

enrol-title = Zweiten Schritt einrichten
enrol-forced = Danach geht es gleich weiter.
enrol-submit = Bestätigen und weiter
enrol-choice-title = Zweiten Schritt wählen
enrol-choice-lead = Er hält andere fern, selbst wenn sie Ihr Passwort erfahren.

reveal-title = Jetzt sichern
reveal-next = Ich habe sie gesichert
factor-recovery-reveal-title = Wiederherstellungscodes sichern
codes-lead = Wenn Sie Ihr Telefon verlieren, lässt einer dieser Codes Sie ein. Jeder gilt einmal.
codes-for = Wiederherstellungscodes für { $pool }, Konto { $account }
codes-once = Diese Codes bleiben hier, bis Sie weitergehen. Bewahren Sie sie bei Ihren wichtigen Papieren auf.
codes-copy = Kopieren
codes-download = Herunterladen
codes-print = Drucken
codes-filename = wiederherstellungscodes.txt

reason-policy-required = { $pool } verlangt von allen einen zweiten Schritt.
reason-policy-yours = { $pool } verlangt von Ihnen einen zweiten Schritt.
reason-app-requires = { $client } verlangt einen zweiten Schritt.
reason-enrolled = Für Ihr Konto ist ein zweiter Schritt eingerichtet.
reason-fresh = Bestätigen Sie dafür noch einmal, dass Sie es sind.
reason-recovered = Ihr Wiederherstellungscode hat Sie eingelassen. Richten Sie nun einen neuen Authentifikator ein: Der verlorene gilt dann nicht mehr.

consent-title = Zugriff erlauben?
consent-lead = { $client } möchte Ihr Konto bei { $pool } benutzen.
consent-scopes = Die Anwendung kann dann
consent-allow = Erlauben
consent-deny = Nicht erlauben
consent-host = Sie werden weitergeleitet zu
consent-described = Diese Anwendung beschreibt sich selbst unter:
consent-described-untrusted = Niemand hier kennt diese Anwendung. Stimmen Sie nur zu, wenn Sie der Website vertrauen, die sie beschreibt:
consent-registered = Diese Anwendung hat sich selbst registriert. Niemand hat ihren Namen geprüft. Stimmen Sie nur zu, wenn Sie ihre Adresse kennen:
consent-revoke = Sie können das jederzeit in Ihrem Konto widerrufen.

device-title = Gerät verbinden
device-lead = Geben Sie den Code ein, den das Gerät anzeigt.
device-lead-compare = Zeigt das Gerät genau diesen Code? Nur dann geht es weiter.
device-code-field = Code
device-code-hint = Acht Buchstaben, etwa WDJB-MJHT
device-fine = Hat Ihnen jemand diesen Code geschickt oder am Telefon genannt? Dann brechen Sie hier ab: Er käme sonst in Ihr Konto.
device-code-wrong = Kein Gerät wartet mit diesem Code, oder nicht mehr. Sehen Sie noch einmal auf das Gerät, oder lassen Sie es einen neuen Code anzeigen.
device-consent-title = Dieses Gerät hereinlassen?
device-consent-lead = { $client } auf einem anderen Gerät möchte Ihr Konto bei { $pool } benutzen.
device-warning = Erlauben Sie das nur, wenn Sie es gerade selbst begonnen haben und das Gerät vor Ihnen diesen Code zeigt.
device-code-shown = Code auf dem Gerät
device-asked = Angefragt
device-allowed = Das Gerät ist verbunden
device-allowed-detail = { $client } geht gleich auf dem Gerät weiter. Sie können dieses Fenster schließen.
device-denied = Das Gerät wurde nicht hereingelassen
device-denied-detail = { $client } bekommt nichts aus Ihrem Konto. Sie können dieses Fenster schließen.

scope-openid = Wissen, wer Sie sind
scope-openid-description = Eine feste Kennung, und wie Sie sich angemeldet haben
scope-profile = Ihr Profil sehen
scope-profile-description = Name, Benutzername, Sprache und was Ihr Profil über Sie sagt
scope-email = Ihre E-Mail-Adresse sehen
scope-email-description = Die Adresse, und ob sie bestätigt ist
scope-groups = Ihre Gruppen sehen
scope-groups-description = Die Namen Ihrer Gruppen hier
scope-address = Ihre Postanschrift sehen
scope-address-description = Straße, Postleitzahl, Ort, Region und Land, soweit sie in Ihrem Profil stehen
scope-phone = Ihre Telefonnummer sehen
scope-phone-description = Die Nummer, und ob sie bestätigt ist
scope-roles = Ihre Rollen sehen
scope-roles-description = Die Namen der Rollen, die Ihnen die Verwaltung gegeben hat
scope-own = Gibt weiter: { $names }
scope-api = { $api } in Ihrem Namen benutzen
scope-offline_access = Verbunden bleiben
scope-offline_access-description = Den Zugriff behalten, während Sie nicht da sind

## Konto per E-Mail

register-title = Konto anlegen
register-lead = Wir schicken Ihnen einen Link, mit dem es losgeht.
register-submit = Link schicken
register-have-account = Schon ein Konto?
register-complete-title = Konto fertigstellen
register-complete-lead = { $email } ist bestätigt.
register-complete-submit = Konto anlegen
mail-sent-title = Schauen Sie in Ihr Postfach
mail-sent-register = Wenn die Adresse hier benutzt werden kann, ist eine Nachricht mit dem nächsten Schritt unterwegs.
mail-sent-reset = Wenn es ein passendes Konto gibt, ist eine Nachricht mit einem Link unterwegs.
mail-sent-hint = Nach ein paar Minuten noch nichts da? Sehen Sie im Spam-Ordner nach und versuchen Sie es dann noch einmal. An eine Adresse gehen nur wenige Nachrichten in der Stunde.
reset-title = Passwort zurücksetzen
reset-lead = Sagen Sie uns, wer Sie sind. Wir schicken einen Link an die E-Mail-Adresse Ihres Kontos.
reset-submit = Link schicken
reset-form-title = Neues Passwort wählen
reset-form-submit = Passwort setzen
reset-form-note = Alle Ihre anderen Sitzungen werden abgemeldet. Ihr zweiter Schritt bleibt, wie er ist.
done-reset = Passwort geändert
done-reset-detail = Melden Sie sich mit Ihrem neuen Passwort an.
done-registered = Willkommen
done-registered-detail = Ihr Konto ist bereit.
done-cancelled = Anmeldung abgebrochen
done-cancelled-detail = Nichts hat sich geändert. Sie können dieses Fenster schließen.
done-recovered = Sie sind angemeldet
done-recovered-advice = Wenn Ihr Gerät verloren ist, entfernen Sie es jetzt und richten Sie ein anderes ein: Bis dahin öffnet es Ihr Konto.
done-recovered-detail = Ihr Wiederherstellungscode ist verbraucht. Wenn Ihr Gerät verloren ist, entfernen Sie es und richten Sie ein anderes ein.
done-recovered-left = Ihr Wiederherstellungscode ist verbraucht. { $left ->
    [0] Es war der letzte: Erzeugen Sie in Ihrem Konto neue.
    [one] Einer ist übrig: Erzeugen Sie in Ihrem Konto neue.
   *[other] { $left } sind übrig.
}
codes-shown = Ihre Wiederherstellungscodes wurden angezeigt
codes-shown-detail = Sie werden nur einmal angezeigt. Wenn Sie sie nicht gesichert haben, erzeugen Sie auf der Sicherheitsseite Ihres Kontos neue.
proved_fresh = Danke. Einige Minuten lang können Sie jetzt Ihre Faktoren ändern.
next-continue = Weiter
next-security = Zur Sicherheit
next-replace = Verlorenes Gerät ersetzen
next-sign-in = Anmelden
next-account = Zu Ihrem Konto

## Abmelden

answer-title = Zurück zur Anwendung
answer-lead-client = Die Anmeldung geht bei { $client } weiter.
answer-lead = Die Anmeldung geht bei der Anwendung weiter.

logout-title = Abmelden?
logout-lead = Sie sind bei { $pool } angemeldet.
logout-lead-client = { $client } möchte Sie bei { $pool } abmelden.
logout-confirm = Abmelden
logout-stay = Angemeldet bleiben
signed-out-title = Abgemeldet
signed-out-lead = Sie sind in diesem Browser bei { $pool } abgemeldet.
signed-out-back-client = Zurück zu { $client }

## Benutzerkonto

profile-title = Profil
profile-lead = So erscheinen Sie den Anwendungen, die Sie verbinden.
profile-verified = Bestätigt
profile-unverified = Nicht bestätigt
profile-locale-auto = Wie mein Browser
profile-field-given_name = Vorname
profile-field-middle_name = Weiterer Vorname
profile-field-family_name = Nachname
profile-field-nickname = Spitzname
profile-field-gender = Geschlecht
profile-field-birthdate = Geburtstag
profile-field-phone_number = Telefonnummer
profile-field-street_address = Straße und Hausnummer
profile-field-postal_code = Postleitzahl
profile-field-locality = Ort
profile-field-region = Bundesland oder Region
profile-field-country = Land
profile-field-zoneinfo = Zeitzone
profile-field-picture = Bild
profile-field-profile = Seite über Sie
profile-field-website = Website
profile-details = Über Sie
profile-details-lead = Alles ist freiwillig. Eine Anwendung bekommt nur, wonach sie fragt.
profile-yes = Ja
profile-no = Nein
profile-not-set = Keine Angabe
profile-hint-birthdate = 1990-12-31. Ohne Jahr: 0000-12-31. Nur das Jahr: 1990.
profile-hint-phone_number = Mit Ländervorwahl, zum Beispiel +49 30 12345678.
profile-hint-zoneinfo = Zum Beispiel Europe/Berlin.
profile-hint-picture = Die https-Adresse eines Bildes.
profile-hint-page = Die Adresse einer Seite, mit https://
profile-hint-lines = Je Zeile ein Wert.
password-title = Passwort
password-lead = Beim Ändern werden alle Ihre anderen Sitzungen abgemeldet.
password-submit = Passwort ändern
security-title = Sicherheit
security-active = Bei der Anmeldung wird ein zweiter Schritt verlangt.
security-inactive = Nur Ihr Passwort schützt Ihr Konto. Ein zweiter Schritt hält andere fern.
security-factors = Zweite Schritte
security-none = Noch nichts eingerichtet.
security-add = Hinzufügen: { $factor }
security-added = Hinzugefügt
security-used = zuletzt benutzt
security-never-used = nie benutzt
security-disabled = Abgeschaltet
security-disabled-text = Es wurden zu viele falsche Codes probiert. Entfernen Sie ihn und richten Sie ihn neu ein.
security-manage = Umbenennen oder entfernen
security-rename = Umbenennen
security-remove-named = { $label } entfernen
security-codes-left = { $left ->
    [0] Keiner von { $total } Codes übrig.
    [one] Einer von { $total } Codes übrig.
   *[other] { $left } von { $total } Codes übrig.
}
security-codes-low = Erzeugen Sie jetzt neue Codes, damit Sie sich nicht aussperren.
security-regenerate-hint = Ihre alten Codes gelten ab sofort nicht mehr.
sessions-title = Sitzungen
sessions-lead = Wo Sie angemeldet sind. Beenden Sie, was Sie nicht erkennen, und ändern Sie dann Ihr Passwort.
sessions-current = Diese hier
sessions-started = Angemeldet
sessions-seen = Zuletzt aktiv
sessions-revoke = Beenden
sessions-revoke-named = Sitzung beenden: { $device }
sessions-revoke-others = Alle anderen Sitzungen beenden
apps-title = Verbundene Anwendungen
apps-lead = Anwendungen, denen Sie den Zugriff auf Ihr Konto erlaubt haben.
apps-none = Keine Anwendung hat Zugriff.
apps-may-see = Darf:
apps-granted = Erlaubt
apps-used = Zuletzt benutzt
apps-revoke = Trennen
apps-revoke-named = { $client } trennen
policy-off = Zweite Schritte werden hier nicht angeboten.
policy-off-asked = Neue zweite Schritte werden hier nicht angeboten. Nach Ihrem werden Sie weiterhin gefragt.
policy-optional = Ein zweiter Schritt ist hier freiwillig, außer wenn eine Anwendung ihn verlangt.
policy-announced = Sie können einen zweiten Schritt vorerst aufschieben. Danach ist er für Sie Pflicht.
policy-required = Ein zweiter Schritt ist hier Pflicht, darum lässt sich der letzte nicht entfernen.
acr-1fa = Mit einem Schritt angemeldet
acr-mfa = Mit zwei Schritten angemeldet
acr-phr = Mit einem Passkey oder Sicherheitsschlüssel angemeldet
acr-phrh = Mit einem Schlüssel angemeldet, der sich nicht kopieren lässt

## Was nicht ging und was zu tun ist

credentials_wrong = Benutzername und Passwort passen nicht zusammen. Prüfen Sie beide und versuchen Sie es noch einmal.
throttled = Zu viele Versuche. Versuchen Sie es in { $minutes ->
    [one] einer Minute
   *[other] { $minutes } Minuten
} wieder.
throttled_seconds = Zu viele Versuche. Versuchen Sie es in { $seconds ->
    [one] einer Sekunde
   *[other] { $seconds } Sekunden
} wieder.
code_wrong = Dieser Code gilt nicht oder wurde schon benutzt. Warten Sie auf den nächsten und geben Sie ihn ein.
code_refused = Dieser Code wurde nicht angenommen.
factor-totp-wrong = Dieser Code gilt nicht oder wurde schon benutzt. Warten Sie auf den nächsten und geben Sie ihn ein.
factor-recovery-wrong = Dieser Wiederherstellungscode gilt nicht oder wurde schon benutzt. Nehmen Sie einen anderen.
code_malformed = Geben Sie den Code genau so ein, wie er gezeigt wird.
factor_disabled = Diese Methode ist nach zu vielen falschen Codes abgeschaltet. Nehmen Sie eine andere.
factor_unavailable = Diese Methode steht nicht zur Verfügung. Nehmen Sie eine andere.
flow_expired = Diese Anmeldung hat zu lange gedauert oder wurde anderswo beendet. Wenn eine Anwendung Sie geschickt hat, gehen Sie dorthin zurück; oder beginnen Sie hier neu.
ceremony_expired = Das hat zu lange gedauert. Hier ist ein neuer Anfang.
form_expired = Diese Seite war zu lange offen oder gehört zu einer anderen Sitzung. Gehen Sie zurück, laden Sie sie neu und versuchen Sie es noch einmal.
field_missing = Füllen Sie jedes Feld aus.
sign_in_again = Bitte melden Sie sich noch einmal an, um fortzufahren.
sign_in_fresh = Die Anwendung bittet Sie, sich noch einmal anzumelden.
account_locked = Dieses Konto kann zurzeit nicht benutzt werden. Bitten Sie um Hilfe.
password_too_short = Nehmen Sie mindestens { $min } Zeichen für Ihr Passwort.
password_too_long = Dieses Passwort ist zu lang. Nehmen Sie ein kürzeres.
password_common = Dieses Passwort ist aus Datenlecks bekannt oder leicht zu erraten. Wählen Sie ein anderes.
password_contains_identity = Ihr Passwort darf weder Ihren Namen noch Ihre Adresse noch den Namen dieser Seite enthalten.
password_current_wrong = Das ist nicht Ihr aktuelles Passwort.
password_unchanged = Das ist Ihr aktuelles Passwort. Wählen Sie ein anderes.
username_taken = Dieser Benutzername ist nicht verfügbar. Wählen Sie einen anderen.
username_invalid = Nehmen Sie bis zu 64 Buchstaben, Ziffern, Punkte, Binde- und Unterstriche für den Benutzernamen.
email_invalid = Geben Sie eine vollständige E-Mail-Adresse ein, zum Beispiel name@example.org.
name_invalid = Nehmen Sie einen kürzeren Namen ohne Sonderzeichen.
label_invalid = Geben Sie dem Gerät einen kurzen Namen.
locale_invalid = Wählen Sie eine der Sprachen aus der Liste.
profile_field_invalid = Prüfen Sie das markierte Feld: So lässt sich der Wert nicht speichern.
link_invalid_or_used = Dieser Link ist abgelaufen oder wurde schon benutzt. Fordern Sie einen neuen an.
link_used_up = Zu viele Versuche mit diesem Link. Fordern Sie einen neuen an.
gone = Das ist nicht mehr da. Laden Sie neu, um zu sehen, was da ist.
factor_required = Ein zweiter Schritt ist hier Pflicht. Fügen Sie einen anderen hinzu, bevor Sie diesen entfernen.
profile_saved = Profil gespeichert.
password_changed = Passwort geändert. Ihre anderen Sitzungen sind abgemeldet.
factor_added = Zweiter Schritt hinzugefügt.
factor_removed = Zweiter Schritt entfernt.
factor_renamed = Name geändert.
codes_regenerated = Sie haben neue Wiederherstellungscodes. Die alten gelten nicht mehr.
session_revoked = Sitzung beendet.
sessions_revoked = Alle anderen Sitzungen beendet.
app_revoked = Anwendung getrennt.
codes_low = { $left ->
    [0] Sie haben keinen Wiederherstellungscode mehr. Erzeugen Sie jetzt neue.
    [one] Sie haben noch einen Wiederherstellungscode. Erzeugen Sie jetzt neue.
   *[other] Sie haben noch { $left } Wiederherstellungscodes. Erzeugen Sie jetzt neue.
}

title-cannot-continue = Hier geht es nicht weiter
title-not-found = Hier ist nichts
title-too-many = Etwas langsamer, bitte
title-our-fault = Bei uns ist etwas schiefgegangen
title-link = Dieser Link gilt nicht mehr
error-back = Zu Ihrem Konto
error-code = Fehler
error-request-id = Anfrage
unknown_host = Unter dieser Adresse gibt es keine Anmeldung. Prüfen Sie die Adresse im Browser.
not_found = Prüfen Sie die Adresse oder gehen Sie zurück zu der Anwendung, aus der Sie kommen.
method_not_allowed = Diese Adresse nimmt solche Anfragen nicht an.
too_large = Was gesendet wurde, ist zu groß.
timeout = Das hat zu lange gedauert. Versuchen Sie es noch einmal.
malformed_request = Was gesendet wurde, ist nicht lesbar. Gehen Sie zurück und versuchen Sie es noch einmal.
unsupported_media_type = Diese Adresse nimmt nur Formulare an.
internal_error = Es liegt nicht an Ihnen, und nichts wurde geändert. Versuchen Sie es gleich noch einmal; bleibt es dabei, nennen Sie uns die Nummer der Anfrage.
unavailable = Wir sind überlastet oder in Wartung. Versuchen Sie es gleich noch einmal.
forbidden = Ihr Konto darf das nicht.
cross_site = Diese Anfrage kam von einer anderen Seite, darum haben wir nichts getan.
feature_off = Das wird hier nicht angeboten.
client_unknown = Die Anwendung, die Sie geschickt hat, ist hier nicht bekannt. Sagen Sie es ihrem Hersteller.
redirect_uri_invalid = Die Anwendung wollte Sie an eine Adresse schicken, die nicht für sie eingetragen ist. Zu Ihrer Sicherheit halten wir hier an. Sagen Sie es ihrem Hersteller.
error-arrived-client = Anwendung, die anfragt (client_id)
error-arrived-address = Adresse, die ankam
error-advice-register = Für den Hersteller der Anwendung: Wenn diese Adresse richtig ist, tragen Sie genau diesen Text ein, Zeichen für Zeichen. Was jetzt eingetragen ist, steht im Protokoll dieses Servers unter der Nummer der Anfrage.
error-advice-unfit = Für den Hersteller der Anwendung: Diese Adresse lässt sich auch nicht eintragen. Verwenden Sie eine zulässige, tragen Sie sie ein und senden Sie genau denselben Text.
error-advice-client = Für den Hersteller der Anwendung: Senden Sie die client_id, die hier eingetragen ist, oder lassen Sie diese eintragen. Einzelheiten stehen im Protokoll dieses Servers unter der Nummer der Anfrage.
error-advice-request = Für den Hersteller der Anwendung: Die Zeile „Fehler“ sagt, was nicht stimmt. Einzelheiten stehen im Protokoll dieses Servers unter der Nummer der Anfrage.
authorize_request_invalid = Die Anwendung wollte Sie mit einer Anfrage anmelden, die sich nicht beantworten lässt. Sie haben nichts falsch gemacht. Sagen Sie es ihrem Hersteller.
signout_unreadable = Die Anwendung wollte Sie mit einer Nachricht abmelden, die nicht lesbar ist. Es wurde nichts geändert, und Sie haben nichts falsch gemacht. Sagen Sie es ihrem Hersteller.
signout_no_application = Die Anwendung möchte Sie nach dem Abmelden an eine Adresse schicken, sagt aber nicht, welche Anwendung sie ist. Es wurde nichts geändert, und Sie haben nichts falsch gemacht. Sagen Sie es ihrem Hersteller.
signout_other_application = Die Anfrage zum Abmelden nennt eine Anwendung und bringt das Token einer anderen mit. Es wurde nichts geändert, und Sie haben nichts falsch gemacht. Sagen Sie es dem Hersteller der Anwendung.
signout_address = Die Anwendung wollte Sie nach dem Abmelden an eine Adresse schicken, die nicht für sie eingetragen ist. Zu Ihrer Sicherheit halten wir hier an; es wurde nichts geändert. Sagen Sie es ihrem Hersteller.
next-sign-out = Hier abmelden
next-start-again = Neu beginnen

## Second steps: how they stand, and changing them

nav-home = Übersicht
nav-settings = Einstellungen
home-title = Übersicht
home-greeting = Guten Tag, { $name }
home-links = Ihr Konto
home-profile = Ihr Name und Ihre Sprache
home-password = Passwort ändern
home-security = Zweite Schritte und Wiederherstellungscodes
home-sessions = Wo Sie angemeldet sind
home-apps = Wer Ihr Konto verwenden darf
home-settings = Regeln für alle, und Hilfe für Leute, die nicht weiterkommen

mfa-card-title = Zweiter Schritt bei der Anmeldung
mfa-card-on = Er ist eingeschaltet: Sie werden bei der Anmeldung danach gefragt.
mfa-card-off = Er ist ausgeschaltet: Nur Ihr Passwort schützt Ihr Konto.
mfa-card-required = Er ist eingeschaltet und hier Pflicht.
mfa-card-count = { $count ->
    [one] Eine Methode ist eingerichtet.
   *[other] { $count } Methoden sind eingerichtet.
}
mfa-locked = Er lässt sich hier nicht ausschalten.
mfa-locked-warning = Ist er einmal eingeschaltet, können Sie ihn nicht mehr ausschalten.
mfa-enable = Zweiten Schritt einrichten
mfa-manage = Zweite Schritte verwalten
mfa-replace = Durch einen neuen ersetzen
security-replace = Ersetzen: { $factor }
enrol-replaces = Sobald Sie ihn bestätigt haben, tritt er an die Stelle des bisherigen.
mfa-disable = Ausschalten
mfa-regenerate = Neue Codes erzeugen
mfa-remove = Entfernen
mfa-enabled = Ihr zweiter Schritt ist eingeschaltet.
mfa-disabled = Ihr zweiter Schritt ist ausgeschaltet. Ab jetzt genügt Ihr Passwort.
mfa-experimental = Experimentell
mfa-experimental-text = Zweite Schritte werden hier noch erprobt.
mfa-experimental-help = Etwas stimmt nicht? Schreiben Sie an
credential-synced = Wird auf Ihren Geräten abgeglichen
credential-syncable = Nur auf diesem Gerät; Ihre anderen Geräte könnten ihn auch haben
credential-device-bound = Bleibt auf dem Gerät, auf dem er angelegt wurde
credential-key-bound = Bleibt auf dem Schlüssel

confirm-now = Zurzeit
confirm-items = Es betrifft
confirm-enable-title = Zweiten Schritt einrichten?
confirm-enable-detail = Danach reicht es nicht mehr, Ihr Passwort zu kennen. Es dauert ein, zwei Minuten.
confirm-disable-title = Zweiten Schritt ausschalten?
confirm-disable-detail = Alle Ihre Methoden und Wiederherstellungscodes werden entfernt. Für einen neuen zweiten Schritt richten Sie ihn von vorn ein.
confirm-remove-title = Diese Methode entfernen?
confirm-remove-detail = Damit kann man sich nicht mehr anmelden, und ihr Geheimnis wird vernichtet.
confirm-regenerate-title = Neue Wiederherstellungscodes erzeugen?
confirm-regenerate-detail = Alle alten Codes gelten sofort nicht mehr. Die neuen werden nur ein einziges Mal gezeigt.
confirm-whom = Es geht um { $username }.
confirm-last-warning = Es ist Ihre letzte. Danach genügt Ihr Passwort.

enrol-skip = Jetzt nicht
enrol-skip-left = { $left ->
    [one] Sie können das noch einmal aufschieben.
   *[other] Sie können das noch { $left }-mal aufschieben.
}
enrol-skip-from = Pflicht ab
done-enrolled = Ihr zweiter Schritt ist eingerichtet
done-enrolled-detail = Ab jetzt werden Sie bei der Anmeldung danach gefragt.
ui-reference = Kennung:
remember-device = { $days ->
    [one] In diesem Browser einen Tag lang nicht mehr fragen
   *[other] In diesem Browser { $days } Tage lang nicht mehr fragen
}
remember-device-hint = Nicht auf einem gemeinsam benutzten Computer.
devices-title = Gemerkte Browser
devices-lead = Sie werden bis zum genannten Zeitpunkt nicht noch einmal nach dem zweiten Schritt gefragt.
devices-created = Gemerkt seit
devices-used = Zuletzt benutzt
devices-expires = Bis
devices-forget = Vergessen
devices-forget-named = { $device } vergessen
device_forgotten = Browser vergessen. Er wird wieder nach dem zweiten Schritt gefragt.

reason-requested = { $client } verlangt diesmal einen zweiten Schritt.
reason-suggested = { $pool } rät Ihnen zu einem zweiten Schritt.
error-mfa-locked = Ein zweiter Schritt ist hier Pflicht und lässt sich nicht ausschalten.
error-not-allowed-here = Diese Seite ist nur für die Menschen, die dieses Angebot betreuen.
error-would-lock-out = { $count ->
    [one] Eine Person käme nicht mehr hinein: { $names }. Erlauben Sie eine Methode, die sie hat, oder lassen Sie sie erst eine einrichten.
   *[other] { $count } Personen kämen nicht mehr hinein, darunter { $names }. Erlauben Sie eine Methode, die sie haben, oder lassen Sie sie erst eine einrichten.
}
error-would-lock-out-admin = Niemand könnte diese Einstellungen mehr ändern: { $names } käme nicht mehr hinein. Ernennen Sie erst jemand weiteren.
error-nothing-changed = Das würde Menschen aussperren, darum wurde nichts geändert.
error-factor-model-refused = Dieses Modell ist hier nicht erlaubt. Nehmen Sie ein anderes oder bitten Sie um Hilfe.
error-factor-unverified = Ein Passkey braucht ein Gerät, das Fingerabdruck, Gesicht oder PIN prüft, und dieses hat es nicht getan. Nehmen Sie ein anderes oder fügen Sie es als Sicherheitsschlüssel hinzu.
error-mail-limit = Es sind schon mehrere Codes unterwegs. Nehmen Sie den neuesten, oder versuchen Sie es in { $minutes ->
    [one] einer Minute
   *[other] { $minutes } Minuten
} noch einmal.
error-skips-used = Das lässt sich nicht länger aufschieben. Richten Sie einen zweiten Schritt ein, um fortzufahren.
error-trace-unknown = Zu dieser Kennung gibt es hier nichts. Kopieren Sie sie noch einmal von der Seite, die sie zeigt.
error-user-unknown = Diesen Benutzernamen gibt es nicht. Prüfen Sie die Schreibweise.

## Settings for admins

settings-title = Einstellungen
settings-lead = Für die Menschen, die { $pool } betreuen.
settings-mfa-toggle = Zweiter Schritt für alle
settings-mfa-off = Er wird hier zurzeit nicht angeboten.
settings-mfa-optional = Zurzeit entscheidet jede Person selbst.
settings-mfa-required = Alle müssen einen haben.
settings-will-enrol = { $count ->
    [0] Alle haben schon einen eingerichtet.
    [one] Eine Person wird bei der nächsten Anmeldung gebeten, einen einzurichten.
   *[other] { $count } Personen werden bei der nächsten Anmeldung gebeten, einen einzurichten.
}
settings-would-enrol = { $count ->
    [0] Alle haben schon einen eingerichtet, niemand würde etwas merken.
    [one] Wenn Sie ihn verlangen, wird eine Person bei der nächsten Anmeldung gebeten, einen einzurichten.
   *[other] Wenn Sie ihn verlangen, werden { $count } Personen bei der nächsten Anmeldung gebeten, einen einzurichten.
}
settings-require = Von allen verlangen
settings-relax = Allen selbst überlassen
settings-relax-hint = Wer freiwillig einen eingerichtet hat, wird weiterhin danach gefragt.
settings-reset-title = Zweite Schritte von jemandem zurücksetzen
settings-reset-lead = Für Menschen, die ihr Telefon und ihre Wiederherstellungscodes verloren haben. Vergewissern Sie sich erst, dass sie es sind. Alle ihre Methoden werden entfernt, ihre Sitzungen enden, und sie bekommen eine E-Mail. Ihr Passwort bleibt; Sie können sich nicht an ihrer Stelle anmelden.
settings-reset-submit = Zweite Schritte zurücksetzen
settings-explain-title = Eine Nachfrage erklären
settings-explain-lead = Jemand wundert sich, warum gefragt wurde? Die Seite zeigt eine Kennung: Fügen Sie sie hier ein.
settings-explain-trace = Kennung
settings-explain-submit = Erklären
settings-blocked = Wer ausgesperrt würde
settings_saved = Einstellungen gespeichert.
factors_reset = { $count ->
    [one] Eine Methode von { $username } wurde entfernt.
   *[other] { $count } Methoden von { $username } wurden entfernt.
}
explain-when = Wann
explain-user = Wer
explain-application = Anwendung
explain-no-application = Benutzerkonto
explain-asked = Verlangt
explain-with = Durch
explain-rule = Entschieden von
explain-rule-version = Regel { $rule }, Fassung { $version }
explain-acr = Nötige Stufe
explain-reasons = Gründe
explain-outcome = Ergebnis
explain-asked-first = Anmeldung
explain-asked-factor = Ein zweiter Schritt
explain-asked-enrol = Einrichten eines zweiten Schritts
explain-asked-suggest = Einrichten eines zweiten Schritts, das sich aufschieben ließ
explain-asked-nothing = Nichts: Das Nötige ist für diese Person unerreichbar
explain-open = Noch keine Antwort
explain-passed = Gegeben
explain-failed = Nicht gegeben

## E-Mails

mail-when = Wann:
mail-account = Konto:
mail-not-you = Wenn Sie das nicht waren, ändern Sie jetzt Ihr Passwort und beenden Sie alle anderen Sitzungen.
mail-help = Fragen? Schreiben Sie an { $email }.
mail-verify-subject = Bestätigen Sie Ihre Adresse für { $pool }
mail-verify-lead = Jemand, hoffentlich Sie, möchte mit dieser Adresse ein Konto bei { $pool } anlegen.
mail-verify-after = Der Link gilt { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
} und nur einmal. Wenn Sie das nicht waren, brauchen Sie nichts zu tun.
mail-verify-action = Bestätigen und weiter
mail-registered-subject = Sie haben schon ein Konto bei { $pool }
mail-registered-lead = Jemand, hoffentlich Sie, wollte mit dieser Adresse ein Konto bei { $pool } anlegen. Es gibt schon eines: { $account }.
mail-registered-after = Wenn Sie das nicht waren, brauchen Sie nichts zu tun. Ihr Konto ist unverändert.
mail-registered-action = Anmelden
mail-reset-subject = Passwort für { $pool } zurücksetzen
mail-reset-lead = Jemand, hoffentlich Sie, möchte das Passwort von { $account } bei { $pool } zurücksetzen.
mail-reset-after = Der Link gilt { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
} und nur einmal. Wenn Sie das nicht waren, brauchen Sie nichts zu tun. Ihr Passwort ist unverändert.
mail-reset-action = Neues Passwort wählen
mail-password-changed-subject = Ihr Passwort für { $pool } wurde geändert
mail-password-changed-lead = Das Passwort von { $account } wurde geändert.
mail-password-changed-after = Alle anderen Sitzungen wurden abgemeldet.
mail-factor-added-subject = Ihrem Konto bei { $pool } wurde ein zweiter Schritt hinzugefügt
mail-factor-added-lead = Hinzugefügt: { $factor } „{ $label }“.
mail-factor-added-after = Damit kann man sich ab jetzt anmelden.
mail-factor-removed-subject = Von Ihrem Konto bei { $pool } wurde ein zweiter Schritt entfernt
mail-factor-removed-lead = Entfernt: { $factor } „{ $label }“.
mail-factor-removed-after = Damit kann man sich nicht mehr anmelden.
mail-factor-disabled-subject = Ein zweiter Schritt wurde bei { $pool } abgeschaltet
mail-factor-disabled-lead = Nach zu vielen falschen Codes abgeschaltet: { $factor } „{ $label }“.
mail-factor-disabled-after = Wer Codes probiert, kennt meist schon das Passwort. Wenn Sie es waren, entfernen Sie ihn und richten Sie ihn neu ein.
mail-password-disabled-subject = Ihr Passwort für { $pool } wurde gesperrt
mail-password-disabled-lead = Jemand hat zu viele falsche Passwörter für { $account } ausprobiert. In Browsern, die für Ihr Konto neu sind, kann sich niemand mehr als { $account } mit einem Passwort anmelden.
mail-password-disabled-after = Wo Sie sich schon einmal angemeldet haben, gilt es weiterhin. Damit es wieder überall gilt, legen Sie ein neues fest.
mail-wrong-codes-subject = Falsche Antworten bei Ihrem Konto bei { $pool }
mail-wrong-codes-lead = Jemand hat das richtige Passwort von { $account } eingegeben und danach zu viele falsche Antworten: { $factor }.
mail-wrong-codes-after = Die Anmeldung ist nicht gelungen. Wenn Sie es nicht waren, kennt jemand Ihr Passwort: Ändern Sie es.
factor-recovery-used-subject = Ein Wiederherstellungscode wurde bei { $pool } benutzt
factor-recovery-used-lead = Jemand hat sich mit einem Wiederherstellungscode als { $account } angemeldet.
factor-recovery-used-after = { $left ->
    [0] Es ist kein Code übrig.
    [one] Es ist noch ein Code übrig.
   *[other] Es sind noch { $left } Codes übrig.
}
factor-recovery-low-subject = Nur noch wenige Wiederherstellungscodes bei { $pool }
factor-recovery-low-lead = { $left ->
    [0] Sie haben keinen Wiederherstellungscode mehr.
    [one] Sie haben noch einen Wiederherstellungscode.
   *[other] Sie haben noch { $left } Wiederherstellungscodes.
}
factor-recovery-low-after = Erzeugen Sie neue auf der Sicherheitsseite Ihres Kontos.
mail-codes-regenerated-subject = Neue Wiederherstellungscodes für { $pool }
mail-codes-regenerated-lead = Für { $account } wurden neue Wiederherstellungscodes erzeugt.
mail-codes-regenerated-after = Die alten Codes gelten nicht mehr.
mail-new-device-subject = Neue Anmeldung bei { $pool }
mail-new-device-lead = { $known ->
    [0] Jemand hat sich mit einem Browser, den wir noch nicht kannten, als { $account } angemeldet: { $device }.
   *[other] Jemand hat sich mit einem Browser, den wir noch nicht kannten, als { $account } angemeldet: { $device }, { $place }.
}
mail-new-device-after = Wenn Sie das waren, ist nichts zu tun.
mail-held-back-subject = { $pool } hält weitere Mails zu Ihrem Konto zurück
mail-held-back-lead = Im Konto { $account } ist so viel geschehen, dass wir bis zu einer Stunde lang nicht mehr über jedes einzelne Ereignis eine Mail schreiben.
mail-held-back-after = Nichts geht verloren: In Ihrem Konto steht alles unter „Aktivität“. Sehen Sie jetzt nach.
mail-held-back-action = Ansehen, was geschehen ist
mail-factors-reset-subject = Ihre zweiten Schritte bei { $pool } wurden zurückgesetzt
mail-factors-reset-lead = Alle zweiten Schritte von { $account } wurden von der Verwaltung entfernt.
mail-factors-reset-after = Ihr Passwort ist unverändert, Ihre Sitzungen sind beendet. Melden Sie sich an und richten Sie wieder einen zweiten Schritt ein.
mail-mfa-disabled-subject = Ihr zweiter Schritt bei { $pool } wurde ausgeschaltet
mail-mfa-disabled-lead = Der zweite Schritt von { $account } wurde ausgeschaltet.
mail-mfa-disabled-after = Ab jetzt genügt das Passwort zur Anmeldung.
mail-password-reset-done-subject = Ihr Passwort für { $pool } wurde zurückgesetzt
mail-password-reset-done-lead = Das Passwort von { $account } wurde über einen Link, den wir an diese Adresse geschickt hatten, neu gesetzt.
mail-password-reset-done-after = Alle Sitzungen wurden beendet. Ihr zweiter Schritt ist unverändert.

## Passkeys und Sicherheitsschlüssel

factor-passkey-sign-in = Mit einem Passkey anmelden
factor-passkey = Passkey
factor-passkey-description = Ihr Fingerabdruck, Ihr Gesicht oder die Sperre Ihres Geräts
factor-passkey-enrol-title = Passkey anlegen
factor-passkey-enrol-text = Ihr Gerät oder ein Passwortmanager verwahrt ihn und gibt ihn nach Fingerabdruck, Gesicht oder PIN frei. Danach melden Sie sich mit ihm ohne Passwort an, und er gilt nur auf dieser Seite.
factor-passkey-verify-text = Drücken Sie den Knopf und geben Sie Ihren Passkey frei, so wie Sie Ihr Gerät entsperren.
factor-passkey-wrong = Dieser Passkey wurde nicht angenommen. Versuchen Sie es noch einmal oder nehmen Sie eine andere Methode.
factor-security-key = Sicherheitsschlüssel
factor-security-key-description = Ein Schlüssel, den Sie einstecken oder an Ihr Gerät halten
factor-security-key-enrol-title = Sicherheitsschlüssel hinzufügen
factor-security-key-enrol-text = Halten Sie Ihren Schlüssel bereit. Ihr Browser sagt Ihnen, wann Sie ihn einstecken und berühren sollen.
factor-security-key-verify-text = Halten Sie Ihren Schlüssel bereit, drücken Sie den Knopf und berühren Sie dann den Schlüssel, wenn er blinkt.
factor-security-key-wrong = Dieser Sicherheitsschlüssel wurde nicht angenommen. Versuchen Sie es noch einmal oder nehmen Sie eine andere Methode.
webauthn-noscript = Dafür ist JavaScript nötig. Schalten Sie es ein und laden Sie die Seite neu, oder nehmen Sie eine andere Methode.
webauthn-waiting = Ihr Browser fragt Sie jetzt. Achten Sie auf sein Fenster.
webauthn-denied = Das wurde abgebrochen oder hat zu lange gedauert. Versuchen Sie es noch einmal.
webauthn-denied-passkey = Das wurde abgebrochen, hat zu lange gedauert, oder dieses Gerät kann Fingerabdruck, Gesicht oder PIN nicht prüfen, was ein Passkey voraussetzt. Versuchen Sie es noch einmal oder nehmen Sie einen anderen Weg, etwa einen Sicherheitsschlüssel.
webauthn-known = Dieser ist schon eingerichtet. Nehmen Sie einen anderen.
webauthn-unsupported = Dieser Browser kann das nicht. Nehmen Sie einen anderen Browser oder eine andere Methode.
webauthn-insecure = Ihr Browser tut das nur über eine sichere Verbindung zur richtigen Adresse. Prüfen Sie die Adresse oder nehmen Sie eine andere Methode.
webauthn-failed = Das hat nicht geklappt. Versuchen Sie es noch einmal oder nehmen Sie eine andere Methode.

## Codes per E-Mail, falsch gehende Uhren und ein einzelner Wiederherstellungscode

factor-email = Code per E-Mail
factor-email-description = Ein sechsstelliger Code, den wir an Ihre Adresse schicken
factor-email-enrol-title = Codes per E-Mail nutzen
factor-email-wrong = Dieser Code stimmt nicht oder gilt nicht mehr: Er gilt zehn Minuten, und nur der neueste. Nach fünf falschen Versuchen fordern Sie einen neuen an.
email-enrol-text = Wenn Sie sich anmelden, schicken wir einen Code an Ihre E-Mail-Adresse und fragen Sie danach.
email-sent = Wir haben einen Code an { $address } geschickt. Er gilt { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
}.
email-code = Sechsstelliger Code aus der E-Mail
email-hint = Nichts da? Sehen Sie auch im Spam-Ordner nach.
email-resend = Neuen Code schicken
factor-totp-drift-ahead = Dieser Code passt nicht, weil die Uhr Ihres Telefons etwa { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
} vorgeht. Stellen Sie das Telefon auf die Netzwerkzeit und geben Sie dann den Code ein, den es zeigt.
factor-totp-drift-behind = Dieser Code passt nicht, weil die Uhr Ihres Telefons etwa { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
} nachgeht. Stellen Sie das Telefon auf die Netzwerkzeit und geben Sie dann den Code ein, den es zeigt.
totp-get-android = { $app } für Android
totp-get-ios = { $app } für iOS
factor-recovery-enrol-title-one = Ihr Wiederherstellungscode
factor-recovery-reveal-title-one = Wiederherstellungscode sichern
recovery-enrol-text-one = Sie bekommen einen Code für den Fall, dass das Telefon nicht zur Hand ist. Er wird einmal gezeigt, auf der nächsten Seite.
codes-lead-one = Wenn Sie Ihr Telefon verlieren, kommen Sie mit diesem Code hinein. Er gilt einmal.
codes-for-one = Wiederherstellungscode für { $pool }, Konto { $account }
codes-once-one = Dieser Code bleibt hier, bis Sie weitergehen. Bewahren Sie ihn dort auf, wo Ihre wichtigen Papiere liegen.
codes-filename-one = wiederherstellungscode.txt
factor-email-mail-subject = Ihr Code für { $pool }
factor-email-mail-lead = Um sich bei { $pool } anzumelden, geben Sie diesen Code ein: { $code }
factor-email-mail-after = Er gilt { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
} und nur einmal. Geben Sie ihn niemandem, auch uns nicht. Wenn Sie sich gerade nicht anmelden, kennt jemand Ihr Passwort: Ändern Sie es.

## The mail address

field-new-email = Neue Adresse
profile-email-change = Adresse ändern
profile-email-add = Adresse hinzufügen
profile-email-prove = Diese Adresse bestätigen
pending-title = Adresse bestätigen
pending-lead = Wenn { $email } hier verwendet werden kann, ist ein Code dorthin unterwegs. Geben Sie ihn ein; bis dahin ändert sich nichts.
pending-hint = Nach ein paar Minuten noch nichts da? Sehen Sie im Spam-Ordner nach. An eine Adresse gehen nur wenige Nachrichten pro Stunde.
pending-code = Achtstelliger Code
pending-until = Gültig bis
pending-submit = Adresse bestätigen
pending-cancel = Diese Adresse verwerfen
address-title = E-Mail-Adresse
address-lead = Wir senden einen Code an die Adresse. Sie gilt, sobald Sie den Code eingegeben haben.
address-current = Ihre jetzige Adresse
address-undo-hint = Ihre jetzige Adresse wird benachrichtigt und kann die Änderung eine Woche lang rückgängig machen.
address-submit = Code senden
email_unchanged = Das ist schon Ihre Adresse, und sie ist bestätigt.
email_code_wrong = Dieser Code gilt nicht. Verwenden Sie den aus der neuesten Nachricht, oder lassen Sie sich einen neuen senden.
email_in_use = Diese Adresse gehört zu einem anderen Konto. Verwenden Sie eine andere.
email_proved = Ihre Adresse ist bestätigt.
address_set = { $username } hat jetzt die Adresse { $email }. Sie gilt als nicht bestätigt, bis sie im Profil bestätigt wird.
done-address-restored = Ihre alte Adresse gilt wieder
done-address-restored-detail = Alle Sitzungen sind beendet. Wer die Adresse geändert hat, kennt vielleicht Ihr Passwort: Wählen Sie jetzt ein neues.
done-address-in-use = Die alte Adresse gehört inzwischen zu einem anderen Konto
done-address-in-use-detail = Alle Sitzungen sind beendet, und der neuen Adresse wird nicht mehr vertraut. Melden Sie sich an und fügen Sie eine Adresse hinzu, oder bitten Sie um Hilfe.
next-new-password = Neues Passwort wählen
address-undo-title = Änderung rückgängig machen?
address-undo-lead = { $email } wird wieder die Adresse von { $account }. Alle Sitzungen enden; wer die Adresse geändert hat, ist damit abgemeldet.
address-undo-submit = Rückgängig machen
settings-address-title = Jemandem eine andere Adresse geben
settings-address-lead = Für Menschen, die ihr Postfach verloren haben. Vergewissern Sie sich erst, dass sie es sind. Die alte Adresse wird benachrichtigt und kann die Änderung rückgängig machen. Die neue gilt als nicht bestätigt, bis sie im Profil bestätigt wird; bis dahin lässt sich damit kein Passwort zurücksetzen.
settings-address-submit = Adresse ändern
mail-address-code-subject = Bestätigen Sie Ihre Adresse für { $pool }
mail-address-code-lead = Jemand, hoffentlich Sie, möchte diese Adresse für ein Konto bei { $pool } verwenden. Geben Sie zur Bestätigung diesen Code auf der Seite ein, die danach fragt: { $code }
mail-address-code-after = Der Code gilt { $minutes ->
    [one] eine Minute
   *[other] { $minutes } Minuten
} und nur einmal. Geben Sie ihn an niemanden weiter: Niemand von uns wird Sie je danach fragen. Wenn Sie das nicht waren, brauchen Sie nichts zu tun.
mail-address-in-use-subject = Ihre Adresse wird bei { $pool } schon verwendet
mail-address-in-use-lead = Jemand möchte diese Adresse für ein anderes Konto bei { $pool } verwenden. Sie gehört schon zu { $account }; es wurde nichts geändert.
mail-address-in-use-after = Wenn Sie das waren: Melden Sie sich als { $account } an oder verwenden Sie eine andere Adresse. Wenn nicht, brauchen Sie nichts zu tun. Ihr Konto ist unverändert.
mail-address-undo-subject = Die Adresse Ihres Kontos bei { $pool } wurde geändert
mail-address-undo-lead = Das Konto { $account } hat jetzt eine andere Adresse. Diese hier wird dort nicht mehr verwendet.
mail-address-undo-after = Wenn Sie das nicht waren, machen Sie die Änderung rückgängig: Ihre Adresse gilt dann wieder, und alle Sitzungen enden. Der Link gilt { $days ->
    [one] einen Tag
   *[other] { $days } Tage
} und nur einmal. So lange lässt sich mit der neuen Adresse kein Passwort zurücksetzen.
mail-address-undo-action = Änderung rückgängig machen
mail-address-changed-subject = Die Adresse eines Kontos bei { $pool } wurde geändert
mail-address-changed-lead = Das Konto { $account } hat jetzt eine andere Adresse. Diese hier wird dort nicht mehr verwendet.
mail-address-changed-after = E-Mails zu diesem Konto kommen nicht mehr hierher.

## Activity, a copy of one’s data, the end of an account

nav-activity = Aktivität
nav-data = Ihre Daten
home-activity = Was mit Ihrem Konto geschah
home-data = Kopie herunterladen oder Konto löschen
activity-title = Aktivität
activity-lead = Was mit Ihrem Konto geschah, das Neueste zuerst.
activity-none = Noch nichts.
activity-newest = Neueste
activity-older = Ältere
activity-pages = Seiten der Liste
activity-advice = Etwas kommt Ihnen fremd vor? Ändern Sie Ihr Passwort und beenden Sie dann die anderen Sitzungen:
activity-by-administrator = durch die Verwaltung
activity-sign-in = Angemeldet
activity-sign-out = Abgemeldet
activity-consent = Zugriff erlaubt: { $client }
activity-consent-refused = Zugriff nicht erlaubt: { $client }
activity-device-code-refused = Code eines Geräts, das nicht wartete
activity-registered = Konto angelegt
activity-reset-asked = Link zum Zurücksetzen des Passworts angefordert
activity-password-reset = Passwort per E-Mail-Link zurückgesetzt
activity-password-change = Passwort geändert
activity-password-change-refused = Passwort nicht geändert: das jetzige war falsch
activity-profile = Profil geändert
activity-address-asked = Code für eine E-Mail-Adresse angefordert
activity-address-changed = E-Mail-Adresse bestätigt
activity-address-changed-refused = Falscher Code für eine E-Mail-Adresse
activity-address-restored = Änderung der E-Mail-Adresse rückgängig gemacht
activity-data-exported = Kopie Ihrer Daten heruntergeladen
activity-application-revoked = Verbindung getrennt: { $client }
activity-session-revoked = Eine Sitzung beendet
activity-sessions-revoked = Alle anderen Sitzungen beendet
activity-browser-forgotten = Ein gemerkter Browser vergessen
activity-factor-enrolled = Zweiter Schritt hinzugefügt
activity-factor-replaced = Zweiter Schritt ersetzt
activity-factor-renamed = Zweiter Schritt umbenannt
activity-factor-removed = Zweiter Schritt entfernt
activity-factors-chosen = Zweiter Schritt eingeschaltet
activity-factors-disabled = Zweiter Schritt ausgeschaltet
activity-codes-regenerated = Neue Wiederherstellungscodes erstellt
activity-factors-reset = Alle zweiten Schritte entfernt
activity-user-created = Konto angelegt
activity-user-updated = Konto geändert
activity-user-disabled = Konto gesperrt
activity-user-enabled = Konto wieder freigegeben
activity-password-set = Passwort ersetzt
activity-code-replayed = Zugriff einer Anwendung beendet: Sie verwendete einen Code zweimal
activity-refresh-token-reused = Zugriff einer Anwendung beendet: Sie verwendete ein Token zweimal
activity-token-revoked = Eine Anwendung hat ihren Zugriff zurückgegeben
activity-password-refused = Falsches Passwort bei der Anmeldung
activity-passwordless-refused = Falscher Passkey bei der Anmeldung
activity-second-factor-refused = Falsche Antwort beim zweiten Schritt
data-title = Ihre Daten
data-lead = Was hier über Sie gespeichert ist, und wie es endet.
data-export-title = Kopie herunterladen
data-export-lead = Eine Datei im Format JSON mit Ihrem Profil, Sitzungen, zweiten Schritten, Anwendungen und dem, was zuletzt geschah. Passwörter, Schlüssel und Codes sind nicht enthalten.
data-export-submit = Herunterladen
data-delete-title = Konto löschen
data-delete-lead = Das lässt sich nicht rückgängig machen. Sie sehen vorher, was verloren geht.
data-delete-submit = Konto löschen
data-delete-off = Konten werden hier von den Menschen gelöscht, die sie verwalten. Wenden Sie sich an sie.
delete-title = Konto löschen?
delete-lead = Das geht sofort und endgültig verloren:
delete-account = Das Konto { $username } mit Name, Adresse und Passwort
delete-sessions = { $count ->
    [one] Diese Sitzung
   *[other] Alle { $count } Sitzungen
}
delete-factors = Ihre zweiten Schritte und Wiederherstellungscodes
delete-application = Der Zugang zu { $client } und alles, was Sie nur darüber erreichen
delete-kept = Zur Sicherheit des Dienstes bleibt die Aufzeichnung des Geschehenen, mit Ihrem Benutzernamen und den IP-Adressen. Was Anwendungen über Sie speichern, ist deren Sache.
delete-type = Geben Sie zur Bestätigung { $username } ein
delete-submit = Mein Konto löschen
delete_mistyped = Das ist nicht Ihr Benutzername. Es wurde nichts gelöscht.
delete_last_admin = Nur Sie können diese Seite verwalten. Bestimmen Sie zuerst jemand anderen.
done-deleted = Ihr Konto ist gelöscht
done-deleted-detail = Sie sind überall abgemeldet. Sie können dieses Fenster schließen.
mail-deleted-subject = Ihr Konto bei { $pool } wurde gelöscht
mail-deleted-lead = Das Konto { $account } wurde gelöscht. Jemand, der angemeldet war, hat das verlangt und sich noch einmal ausgewiesen.
mail-deleted-after = Alles darin ist gelöscht. Wenn Sie das nicht waren, bitten Sie um Hilfe: Die Aufzeichnung des Geschehenen bleibt erhalten.
