# French texts of the pages and mails: “vous”, no gendered participles for the reader, names never after a bare “de”.

## Everywhere

ui-skip = Aller au contenu
ui-demo-label = À propos de ce site
ui-demo = Démonstration. Utilisez uniquement les comptes d’exemple ; ne saisissez pas de vrai mot de passe.
ui-help = Obtenir de l’aide
ui-language-switch = Changer de langue
ui-error-prefix = Erreur :
ui-show = Afficher
ui-hide = Masquer
ui-show-password = Afficher le mot de passe
ui-hide-password = Masquer le mot de passe
ui-copy = Copier
ui-copied = Copié
ui-cancel = Annuler
ui-save = Enregistrer
ui-switch-account = Ce n’est pas vous ? Changer de compte
ui-back-to-login = Retour à la connexion
ui-sign-out = Se déconnecter

nav-label = Votre compte
nav-profile = Profil
nav-password = Mot de passe
nav-security = Sécurité
nav-sessions = Sessions
nav-apps = Applications connectées

field-username = Nom d’utilisateur
field-username-hint = Lettres, chiffres, points, tirets et tirets bas. Il vous servira à vous connecter.
field-identifier = Nom d’utilisateur ou adresse e-mail
field-password = Mot de passe
field-current-password = Mot de passe actuel
field-new-password = Nouveau mot de passe
field-password-hint = Au moins { $min } caractères. Quelques mots sans lien entre eux conviennent très bien.
field-email = Adresse e-mail
field-name = Nom affiché
field-name-hint = Facultatif. Les applications connectées peuvent l’afficher.
field-locale = Langue

## Sign-in

login-title = Se connecter
login-to-client = pour continuer vers { $client }
login-submit = Se connecter
login-again-title = Confirmez votre mot de passe
login-again-submit = Confirmer
login-forgot = Mot de passe oublié ?
login-no-account = Pas encore de compte ?
login-register = Créer un compte

factor-title = Confirmez votre identité
factor-submit = Continuer
factor-others = Téléphone perdu ou méthode impossible ? Utiliser une autre méthode
factor-lost = Téléphone perdu ? Les responsables de ce site peuvent vous aider à vous connecter.
factor-totp = Application d’authentification
factor-totp-description = Un code à six chiffres fourni par une application sur votre téléphone
factor-totp-enrol-title = Configurer votre application d’authentification
factor-recovery = Codes de secours
factor-recovery-description = Un code mis de côté pour les moments où vous n’avez pas votre téléphone
factor-recovery-enrol-title = Vos codes de secours
factor-label = Nom de cet appareil
factor-label-hint = Pour le reconnaître plus tard, par exemple « Téléphone professionnel ».

totp-code = Code à six chiffres
totp-verify-hint = Ouvrez votre application d’authentification et saisissez le code affiché.
totp-enrol-hint = Saisissez le code que votre application affiche maintenant.
totp-step-app = Munissez-vous d’une application d’authentification
totp-step-app-text = Toute application qui affiche des codes à six chiffres convient.
totp-no-app = Je n’en ai pas encore
totp-step-scan = Ajoutez ce compte à l’application
totp-qr-name = Code QR qui ajoute { $issuer }, compte { $account }, à une application d’authentification
totp-scan-text = Scannez ce code avec l’application. Vous lisez cette page sur votre téléphone ? Ouvrez directement l’application.
totp-open-app = Ouvrir dans l’application d’authentification
totp-manual = Impossible de scanner ? Saisie manuelle
totp-keep = Conservez le compte et la clé en lieu sûr. Ils vous permettront de configurer un autre téléphone.
totp-issuer = Émetteur
totp-account = Compte
totp-secret = Clé
totp-kind = Type
totp-kind-value = Basé sur l’heure, 6 chiffres, toutes les 30 secondes
totp-step-code = Vérifiez que tout fonctionne

recovery-code = Code de secours
recovery-enrol-text = Vous allez recevoir { $count } codes pour les moments où vous n’avez pas votre téléphone. Ils ne s’afficheront qu’une fois, à la page suivante.
recovery-enrol-replaced = { $replaced ->
    [one] Votre code non utilisé cessera de fonctionner.
   *[other] Vos { $replaced } codes non utilisés cesseront de fonctionner.
}
recovery-verify-hint = Chaque code ne sert qu’une fois. Les tirets, les espaces et les majuscules n’ont pas d’importance.

enrol-title = Configurer la validation en deux étapes
enrol-forced = Vous pourrez continuer dès que ce sera fait.
enrol-submit = Confirmer et continuer
enrol-choice-title = Choisir une méthode de validation
enrol-choice-lead = Elle protège votre compte même si quelqu’un découvre votre mot de passe.

reveal-title = À enregistrer maintenant
reveal-next = Je les ai enregistrés
factor-recovery-reveal-title = Enregistrez vos codes de secours
codes-lead = Si vous perdez votre téléphone, l’un de ces codes vous permettra de vous connecter. Chacun ne sert qu’une fois.
codes-for = Codes de secours pour { $pool }, compte { $account }
codes-once = Ces codes restent affichés ici jusqu’à ce que vous continuiez. Conservez-les avec vos documents importants.
codes-copy = Copier
codes-download = Télécharger
codes-print = Imprimer
codes-filename = codes-de-secours.txt

reason-policy-required = { $pool } demande une seconde étape à tout le monde.
reason-policy-yours = { $pool } vous demande une seconde étape.
reason-app-requires = { $client } demande une seconde étape.
reason-enrolled = La validation en deux étapes est configurée pour votre compte.
reason-fresh = Pour cela, confirmez une nouvelle fois votre identité.
reason-recovered = Votre code de secours vous a permis de vous connecter. Pour continuer, configurez de nouveau une méthode de validation : celle que vous avez perdue cessera de fonctionner.

consent-title = Autoriser l’accès ?
consent-lead = { $client } souhaite utiliser votre compte { $pool }.
consent-scopes = Cette application pourra
consent-allow = Autoriser
consent-deny = Refuser
consent-host = Vous continuerez sur
consent-described = Cette application se décrit elle-même à l’adresse :
consent-described-untrusted = Personne ici ne connaît cette application. N’autorisez l’accès que si vous faites confiance au site qui la décrit :
consent-registered = Cette application s’est enregistrée elle-même et personne n’a vérifié son nom. N’autorisez l’accès que si vous connaissez son adresse :
consent-revoke = Vous pouvez retirer cet accès à tout moment dans votre compte.

device-title = Connecter un appareil
device-lead = Saisissez le code affiché par l’appareil.
device-lead-compare = L’appareil affiche-t-il exactement ce code ? Ne continuez que si c’est le cas.
device-code-field = Code
device-code-hint = Huit lettres, par exemple WDJB-MJHT
device-fine = Quelqu’un vous a envoyé ce code ou vous l’a dicté au téléphone ? Ne continuez pas : cette personne accéderait à votre compte.
device-code-wrong = Aucun appareil n’attend avec ce code, ou plus maintenant. Regardez de nouveau l’appareil ou faites-lui afficher un nouveau code.
device-consent-title = Autoriser cet appareil ?
device-consent-lead = { $client }, sur un autre appareil, souhaite utiliser votre compte { $pool }.
device-warning = N’autorisez que si vous venez de lancer la demande vous-même et que l’appareil devant vous affiche ce code.
device-code-shown = Code sur l’appareil
device-asked = Demandé
device-allowed = L’appareil est connecté
device-allowed-detail = { $client } va continuer dans un instant sur l’appareil. Vous pouvez fermer cette fenêtre.
device-denied = L’appareil n’a pas été autorisé
device-denied-detail = { $client } n’obtient rien de votre compte. Vous pouvez fermer cette fenêtre.

scope-openid = Savoir qui vous êtes
scope-openid-description = Un identifiant stable et votre mode de connexion
scope-profile = Voir votre profil
scope-profile-description = Nom, nom d’utilisateur, langue et ce que votre profil dit de vous
scope-email = Voir votre adresse e-mail
scope-email-description = L’adresse, et si elle est vérifiée
scope-groups = Voir vos groupes
scope-groups-description = Les noms des groupes dont vous faites partie ici
scope-address = Voir votre adresse postale
scope-address-description = Rue, code postal, ville, région et pays, s’ils figurent dans votre profil
scope-phone = Voir votre numéro de téléphone
scope-phone-description = Le numéro, et s’il est vérifié
scope-roles = Voir vos rôles
scope-roles-description = Les noms des rôles que les administrateurs vous ont donnés
scope-own = Communique : { $names }
scope-api = Utiliser { $api } en votre nom
scope-offline_access = Garder la connexion
scope-offline_access-description = Conserver cet accès en votre absence

## Account by mail

register-title = Créer un compte
register-lead = Nous vous enverrons un lien pour commencer.
register-submit = Envoyer le lien
register-have-account = Vous avez déjà un compte ?
register-complete-title = Finaliser votre compte
register-complete-lead = L’adresse { $email } est confirmée.
register-complete-submit = Créer le compte
mail-sent-title = Consultez votre messagerie
mail-sent-register = Si cette adresse peut être utilisée ici, un message indiquant la marche à suivre est en route.
mail-sent-reset = S’il existe un compte correspondant, un message contenant un lien est en route.
mail-sent-hint = Toujours rien après quelques minutes ? Regardez dans vos courriers indésirables, puis réessayez. Seuls quelques messages par heure sont envoyés à une même adresse.
reset-title = Réinitialiser votre mot de passe
reset-lead = Dites-nous qui vous êtes : nous enverrons un lien à l’adresse e-mail de votre compte.
reset-submit = Envoyer le lien
reset-form-title = Choisir un nouveau mot de passe
reset-form-submit = Enregistrer le mot de passe
reset-form-note = Toutes vos autres sessions seront fermées. Votre validation en deux étapes reste inchangée.
done-reset = Mot de passe modifié
done-reset-detail = Connectez-vous avec votre nouveau mot de passe.
done-registered = Bienvenue
done-registered-detail = Votre compte est prêt.
done-cancelled = Connexion annulée
done-cancelled-detail = Rien n’a changé. Vous pouvez fermer cette fenêtre.
done-recovered = Connexion réussie
done-recovered-advice = Si vous avez perdu votre appareil, supprimez-le maintenant et configurez-en un autre : d’ici là, il donne toujours accès à votre compte.
done-recovered-detail = Ce code de secours ne peut plus servir. Si vous avez perdu votre appareil, supprimez-le et configurez-en un autre.
done-recovered-left = Ce code de secours ne peut plus servir. { $left ->
    [0] C’était le dernier : créez-en de nouveaux dans votre compte.
    [one] Il vous en reste un : créez-en de nouveaux dans votre compte.
   *[other] Il vous en reste { $left }.
}
codes-shown = Vos codes de secours ont été affichés
codes-shown-detail = Ils ne s’affichent qu’une fois. Si vous ne les avez pas enregistrés, créez-en de nouveaux sur la page Sécurité de votre compte.
proved_fresh = Merci. Vous pouvez modifier vos méthodes de validation pendant quelques minutes.
next-continue = Continuer
next-security = Accéder à la page Sécurité
next-replace = Remplacer un appareil perdu
next-sign-in = Se connecter
next-account = Accéder à votre compte

## Signing out

answer-title = Retour à l’application
answer-lead-client = La connexion se poursuit dans { $client }.
answer-lead = La connexion se poursuit dans l’application.

logout-title = Se déconnecter ?
logout-lead = Votre session { $pool } est ouverte.
logout-lead-client = { $client } demande à fermer votre session { $pool }.
logout-confirm = Se déconnecter
logout-stay = Ne pas me déconnecter
signed-out-title = Déconnexion réussie
signed-out-lead = Votre session { $pool } est fermée dans ce navigateur.
signed-out-back-client = Revenir à { $client }

## User center

profile-title = Profil
profile-lead = Ce que les applications connectées voient de vous.
profile-verified = Vérifiée
profile-unverified = Non vérifiée
profile-locale-auto = Comme mon navigateur
profile-field-given_name = Prénom
profile-field-middle_name = Deuxième prénom
profile-field-family_name = Nom de famille
profile-field-nickname = Surnom
profile-field-gender = Genre
profile-field-birthdate = Date de naissance
profile-field-phone_number = Numéro de téléphone
profile-field-street_address = Numéro et rue
profile-field-postal_code = Code postal
profile-field-locality = Ville
profile-field-region = Région
profile-field-country = Pays
profile-field-zoneinfo = Fuseau horaire
profile-field-picture = Image
profile-field-profile = Page à votre sujet
profile-field-website = Site web
profile-details = À propos de vous
profile-details-lead = Tout est facultatif. Une application n’obtient que ce qu’elle demande.
profile-yes = Oui
profile-no = Non
profile-not-set = Non précisé
profile-hint-birthdate = 1990-12-31. Sans l’année : 0000-12-31. L’année seule : 1990.
profile-hint-phone_number = Avec l’indicatif du pays, par exemple +33 1 23 45 67 89.
profile-hint-zoneinfo = Par exemple Europe/Paris.
profile-hint-picture = L’adresse https d’une image.
profile-hint-page = L’adresse d’une page, avec https://
profile-hint-lines = Une valeur par ligne.
password-title = Mot de passe
password-lead = Si vous le changez, toutes vos autres sessions seront fermées.
password-submit = Changer le mot de passe
security-title = Sécurité
security-active = Une seconde étape vous est demandée à la connexion.
security-inactive = Seul votre mot de passe protège votre compte. Ajoutez une seconde étape pour empêcher d’autres personnes d’y accéder.
security-factors = Méthodes de validation
security-none = Rien n’est encore configuré.
security-add = Ajouter : { $factor }
security-added = Ajoutée le
security-used = dernière utilisation le
security-never-used = jamais utilisée
security-disabled = Désactivée
security-disabled-text = Trop de codes erronés ont été saisis. Supprimez cette méthode et configurez-la de nouveau.
security-manage = Renommer ou supprimer
security-rename = Renommer
security-remove-named = Supprimer { $label }
security-codes-left = { $left ->
    [0] Il ne vous reste aucun code sur { $total }.
    [one] Il vous reste un code sur { $total }.
   *[other] Il vous reste { $left } codes sur { $total }.
}
security-codes-low = Créez de nouveaux codes dès maintenant pour ne pas perdre l’accès à votre compte.
security-regenerate-hint = Vos anciens codes cesseront aussitôt de fonctionner.
sessions-title = Sessions
sessions-lead = Vos sessions ouvertes. Fermez celles que vous ne reconnaissez pas, puis changez votre mot de passe.
sessions-current = Session actuelle
sessions-started = Ouverte le
sessions-seen = Dernière activité le
sessions-revoke = Fermer
sessions-revoke-named = Fermer la session : { $device }
sessions-revoke-others = Fermer toutes les autres sessions
apps-title = Applications connectées
apps-lead = Les applications que vous avez autorisées à utiliser votre compte.
apps-none = Aucune application n’a accès à votre compte.
apps-may-see = Autorisations :
apps-granted = Accès autorisé le
apps-used = Dernière utilisation le
apps-revoke = Retirer l’accès
apps-revoke-named = Retirer l’accès accordé à { $client }
policy-off = La validation en deux étapes n’est pas proposée ici.
policy-off-asked = Aucune nouvelle validation en deux étapes n’est proposée ici. La vôtre vous est toujours demandée.
policy-optional = La validation en deux étapes est facultative ici, sauf si une application la demande.
policy-announced = Vous pouvez remettre la validation en deux étapes à plus tard pour le moment. Ensuite, elle sera obligatoire pour vous.
policy-required = La validation en deux étapes est obligatoire ici : la dernière méthode ne peut pas être supprimée.
acr-1fa = Connexion en une étape
acr-mfa = Connexion en deux étapes
acr-phr = Connexion avec une clé d’accès ou de sécurité
acr-phrh = Connexion avec une clé impossible à copier

## What went wrong and what to do

credentials_wrong = Le nom d’utilisateur ou le mot de passe est incorrect. Vérifiez les deux et réessayez.
throttled = Trop de tentatives. Réessayez dans { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}.
throttled_seconds = Trop de tentatives. Réessayez dans { $seconds ->
    [one] { $seconds } seconde
   *[other] { $seconds } secondes
}.
code_wrong = Ce code n’est pas valable ou a déjà été utilisé. Attendez le suivant et saisissez-le.
code_refused = Ce code n’a pas été accepté.
factor-totp-wrong = Ce code n’est pas valable ou a déjà été utilisé. Attendez le suivant et saisissez-le.
factor-recovery-wrong = Ce code de secours n’est pas valable ou a déjà été utilisé. Essayez-en un autre.
code_malformed = Saisissez le code exactement comme il est affiché.
factor_disabled = Cette méthode a été désactivée après trop de codes erronés. Utilisez-en une autre.
factor_unavailable = Cette méthode n’est pas disponible. Utilisez-en une autre.
flow_expired = Cette connexion a pris trop de temps ou s’est terminée ailleurs. Si une application vous a envoyé ici, revenez-y ; ou recommencez ici.
ceremony_expired = Le délai est dépassé. Vous pouvez recommencer ici.
form_expired = Cette page est restée ouverte trop longtemps ou appartient à une autre session. Revenez en arrière, actualisez-la et réessayez.
field_missing = Remplissez tous les champs.
sign_in_again = Veuillez vous reconnecter pour continuer.
sign_in_fresh = L’application vous demande de vous reconnecter.
account_locked = Ce compte n’est pas utilisable pour le moment. Demandez de l’aide.
password_too_short = Choisissez un mot de passe d’au moins { $min } caractères.
password_too_long = Ce mot de passe est trop long. Choisissez-en un plus court.
password_common = Ce mot de passe figure dans des fuites de données ou est facile à deviner. Choisissez-en un autre.
password_contains_identity = Votre mot de passe ne doit contenir ni votre nom, ni votre adresse, ni le nom de ce site.
password_current_wrong = Ce n’est pas votre mot de passe actuel.
password_unchanged = C’est votre mot de passe actuel. Choisissez-en un autre.
username_taken = Ce nom d’utilisateur n’est pas disponible. Choisissez-en un autre.
username_invalid = Choisissez un nom d’utilisateur de 64 caractères au plus : lettres, chiffres, points, tirets et tirets bas.
email_invalid = Saisissez une adresse e-mail complète, par exemple nom@example.org.
name_invalid = Choisissez un nom plus court, sans caractères spéciaux.
label_invalid = Donnez un nom court à l’appareil.
locale_invalid = Choisissez l’une des langues de la liste.
profile_field_invalid = Vérifiez le champ signalé : sa valeur ne peut pas être conservée ainsi.
link_invalid_or_used = Ce lien a expiré ou a déjà été utilisé. Demandez-en un nouveau.
link_used_up = Trop d’essais avec ce lien. Demandez-en un nouveau.
gone = Cet élément n’existe plus. Actualisez la page pour voir l’état actuel.
factor_required = La validation en deux étapes est obligatoire ici. Ajoutez une autre méthode avant de supprimer celle-ci.
profile_saved = Profil enregistré.
password_changed = Mot de passe modifié. Vos autres sessions sont fermées.
factor_added = Méthode de validation ajoutée.
factor_removed = Méthode de validation supprimée.
factor_renamed = Nom modifié.
codes_regenerated = Vous avez de nouveaux codes de secours. Les anciens ne fonctionnent plus.
session_revoked = Session fermée.
sessions_revoked = Toutes les autres sessions sont fermées.
app_revoked = Accès de l’application retiré.
codes_low = { $left ->
    [0] Il ne vous reste aucun code de secours. Créez-en de nouveaux dès maintenant.
    [one] Il vous reste un code de secours. Créez-en de nouveaux dès maintenant.
   *[other] Il vous reste { $left } codes de secours. Créez-en de nouveaux dès maintenant.
}

title-cannot-continue = Impossible de continuer
title-not-found = Page introuvable
title-too-many = Un peu de patience
title-our-fault = Un problème est survenu de notre côté
title-link = Ce lien ne fonctionne plus
error-back = Accéder à votre compte
error-code = Erreur
error-request-id = Référence
unknown_host = Il n’y a pas de page de connexion à cette adresse. Vérifiez l’adresse dans votre navigateur.
not_found = Vérifiez l’adresse ou revenez à l’application d’où vous venez.
method_not_allowed = Cette adresse n’accepte pas ce type de demande.
too_large = Les données envoyées sont trop volumineuses.
timeout = L’opération a pris trop de temps. Réessayez.
malformed_request = Les données envoyées sont illisibles. Revenez en arrière et réessayez.
unsupported_media_type = Cette adresse n’accepte que des formulaires.
internal_error = Vous n’y êtes pour rien, et rien n’a été modifié. Réessayez dans un instant ; si le problème persiste, communiquez-nous la référence.
unavailable = Le service est surchargé ou en maintenance. Réessayez dans un instant.
forbidden = Votre compte n’est pas autorisé à faire cela.
cross_site = Cette demande provenait d’un autre site : nous n’y avons pas donné suite.
feature_off = Cette fonction n’est pas proposée ici.
client_unknown = L’application d’où vous venez n’est pas connue ici. Signalez-le à son éditeur.
redirect_uri_invalid = L’application a demandé à vous envoyer vers une adresse qui n’est pas enregistrée pour elle. Pour votre sécurité, nous nous arrêtons ici. Signalez-le à son éditeur.
error-arrived-client = Application à l’origine de la demande (client_id)
error-arrived-address = Adresse reçue
error-advice-register = Pour l’éditeur de l’application : si cette adresse est la bonne, enregistrez exactement ce texte, caractère par caractère. Ce qui est enregistré actuellement figure dans le journal de ce serveur, sous la référence ci-dessous.
error-advice-unfit = Pour l’éditeur de l’application : cette adresse ne peut pas non plus être enregistrée. Utilisez-en une autorisée, enregistrez-la et envoyez exactement le même texte.
error-advice-client = Pour l’éditeur de l’application : envoyez le client_id enregistré ici, ou faites enregistrer celui-ci. Le journal de ce serveur contient les détails, sous la référence ci-dessous.
error-advice-request = Pour l’éditeur de l’application : la ligne « Erreur » indique ce qui ne va pas. Le journal de ce serveur contient les détails, sous la référence ci-dessous.
authorize_request_invalid = L’application a demandé à vous connecter par une requête à laquelle il est impossible de répondre. Vous n’y êtes pour rien. Signalez-le à son éditeur.
signout_unreadable = L’application a demandé à vous déconnecter par un message illisible. Rien n’a été modifié et vous n’y êtes pour rien. Signalez-le à son éditeur.
signout_no_application = L’application veut vous envoyer vers une adresse après la déconnexion, mais n’indique pas de quelle application il s’agit. Rien n’a été modifié et vous n’y êtes pour rien. Signalez-le à son éditeur.
signout_other_application = La demande de déconnexion désigne une application et porte le jeton d’une autre. Rien n’a été modifié et vous n’y êtes pour rien. Signalez-le à l’éditeur de l’application.
signout_address = L’application a demandé à vous envoyer, après la déconnexion, vers une adresse qui n’est pas enregistrée pour elle. Pour votre sécurité, nous nous arrêtons ici ; rien n’a été modifié. Signalez-le à son éditeur.
next-sign-out = Se déconnecter ici
next-start-again = Recommencer

## Second steps: how they stand, and changing them

nav-home = Vue d’ensemble
nav-settings = Paramètres
home-title = Vue d’ensemble
home-greeting = Bonjour { $name }
home-links = Votre compte
home-profile = Votre nom et votre langue
home-password = Changer votre mot de passe
home-security = Méthodes de validation et codes de secours
home-sessions = Vos sessions ouvertes
home-apps = Les applications qui peuvent utiliser votre compte
home-settings = Règles communes et aide aux personnes bloquées

mfa-card-title = Validation en deux étapes
mfa-card-on = Activée : une seconde étape vous est demandée à la connexion.
mfa-card-off = Désactivée : seul votre mot de passe protège votre compte.
mfa-card-required = Activée, et obligatoire ici.
mfa-card-count = { $count ->
    [one] Une méthode est configurée.
   *[other] { $count } méthodes sont configurées.
}
mfa-locked = La validation en deux étapes ne peut pas être désactivée ici.
mfa-locked-warning = Une fois activée, la validation en deux étapes ne peut plus être désactivée.
mfa-enable = Configurer la validation en deux étapes
mfa-manage = Gérer les méthodes de validation
mfa-replace = Remplacer par une nouvelle méthode
security-replace = Remplacer : { $factor }
enrol-replaces = Dès que vous l’aurez confirmée, cette méthode remplacera celle que vous utilisez actuellement.
mfa-disable = Désactiver
mfa-regenerate = Créer de nouveaux codes
mfa-remove = Supprimer
mfa-enabled = La validation en deux étapes est activée.
mfa-disabled = La validation en deux étapes est désactivée. Votre mot de passe suffit désormais.
mfa-experimental = Expérimental
mfa-experimental-text = La validation en deux étapes est encore à l’essai ici.
mfa-experimental-help = Un problème ? Écrivez à
credential-synced = Synchronisée entre vos appareils
credential-syncable = Sur cet appareil uniquement ; vos autres appareils pourraient aussi en disposer
credential-device-bound = Ne quitte pas l’appareil où elle a été créée
credential-key-bound = Ne quitte pas la clé

confirm-now = État actuel
confirm-items = Éléments concernés
confirm-enable-title = Configurer la validation en deux étapes ?
confirm-enable-detail = Il ne suffira plus de connaître votre mot de passe pour accéder à votre compte. Cela prend une à deux minutes.
confirm-disable-title = Désactiver la validation en deux étapes ?
confirm-disable-detail = Toutes vos méthodes et tous vos codes de secours seront supprimés. Pour utiliser de nouveau la validation en deux étapes, vous devrez la reconfigurer.
confirm-remove-title = Supprimer cette méthode ?
confirm-remove-detail = Elle ne pourra plus servir à se connecter, et son secret sera détruit.
confirm-regenerate-title = Créer de nouveaux codes de secours ?
confirm-regenerate-detail = Tous vos anciens codes cesseront aussitôt de fonctionner. Les nouveaux ne s’afficheront qu’une fois.
confirm-whom = Il s’agit de { $username }.
confirm-last-warning = C’est votre dernière méthode. Ensuite, votre mot de passe suffira pour accéder à votre compte.

enrol-skip = Pas maintenant
enrol-skip-left = { $left ->
    [one] Vous pouvez reporter cette étape encore une fois.
   *[other] Vous pouvez reporter cette étape encore { $left } fois.
}
enrol-skip-from = Obligatoire à partir du
done-enrolled = Validation en deux étapes configurée
done-enrolled-detail = Une seconde étape vous sera désormais demandée à la connexion.
ui-reference = Numéro de suivi :
remember-device = { $days ->
    [one] Ne plus demander dans ce navigateur pendant { $days } jour
   *[other] Ne plus demander dans ce navigateur pendant { $days } jours
}
remember-device-hint = À éviter sur un ordinateur partagé.
devices-title = Navigateurs mémorisés
devices-lead = La seconde étape n’y est plus demandée jusqu’à la date indiquée.
devices-created = Mémorisé le
devices-used = Dernière utilisation le
devices-expires = Jusqu’au
devices-forget = Oublier
devices-forget-named = Oublier : { $device }
device_forgotten = Navigateur oublié. La seconde étape y sera de nouveau demandée.

reason-requested = { $client } demande cette fois une seconde étape.
reason-suggested = { $pool } vous conseille de configurer la validation en deux étapes.
error-mfa-locked = La validation en deux étapes est obligatoire ici et ne peut pas être désactivée.
error-not-allowed-here = Seules les personnes qui gèrent ce site peuvent voir cette page.
error-would-lock-out = { $count ->
    [one] Une personne n’aurait plus accès à son compte : { $names }. Autorisez une méthode dont elle dispose, ou laissez-la d’abord en configurer une.
   *[other] { $count } personnes n’auraient plus accès à leur compte, dont { $names }. Autorisez une méthode dont elles disposent, ou laissez-les d’abord en configurer une.
}
error-would-lock-out-admin = Plus personne ne pourrait modifier ces paramètres : l’accès serait perdu pour { $names }. Donnez d’abord les droits d’administration à une autre personne.
error-nothing-changed = Des personnes perdraient l’accès à leur compte : rien n’a été modifié.
error-factor-model-refused = Ce modèle de clé n’est pas autorisé ici. Utilisez-en un autre ou demandez de l’aide.
error-factor-unverified = Une clé d’accès nécessite un appareil qui vérifie votre empreinte digitale, votre visage ou votre code PIN, ce que celui-ci n’a pas fait. Utilisez-en un autre ou ajoutez-le comme clé de sécurité.
error-mail-limit = Plusieurs codes sont déjà en route. Utilisez le plus récent ou réessayez dans { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}.
error-skips-used = Vous ne pouvez plus reporter cette étape. Configurez la validation en deux étapes pour continuer.
error-trace-unknown = Rien ne correspond ici à ce numéro de suivi. Copiez-le de nouveau depuis la page qui l’affiche.
error-user-unknown = Ce nom d’utilisateur n’existe pas. Vérifiez l’orthographe.

## Settings for admins

settings-title = Paramètres
settings-lead = Pour les personnes qui gèrent { $pool }.
settings-mfa-toggle = Validation en deux étapes pour tout le monde
settings-mfa-off = Elle n’est pas proposée ici pour le moment.
settings-mfa-optional = Pour le moment, chaque personne décide pour elle-même.
settings-mfa-required = Elle est obligatoire pour tout le monde.
settings-will-enrol = { $count ->
    [0] Tout le monde l’a déjà configurée.
    [one] Une personne devra la configurer à sa prochaine connexion.
   *[other] { $count } personnes devront la configurer à leur prochaine connexion.
}
settings-would-enrol = { $count ->
    [0] Tout le monde l’a déjà configurée : personne ne verrait de différence.
    [one] Si vous l’exigez, une personne devra la configurer à sa prochaine connexion.
   *[other] Si vous l’exigez, { $count } personnes devront la configurer à leur prochaine connexion.
}
settings-require = L’exiger de tout le monde
settings-relax = Laisser le choix à chaque personne
settings-relax-hint = La seconde étape reste demandée aux personnes qui l’ont configurée par choix.
settings-reset-title = Réinitialiser les méthodes de validation d’une personne
settings-reset-lead = Pour une personne qui a perdu son téléphone et ses codes de secours. Assurez-vous d’abord de son identité. Toutes ses méthodes seront supprimées, ses sessions seront fermées et un e-mail lui sera envoyé. Son mot de passe ne change pas ; vous ne pouvez pas vous connecter à sa place.
settings-reset-submit = Réinitialiser les méthodes
settings-explain-title = Expliquer une demande
settings-explain-lead = Quelqu’un se demande pourquoi une étape lui a été demandée ? Un numéro de suivi figure sur sa page : collez-le ici.
settings-explain-trace = Numéro de suivi
settings-explain-submit = Expliquer
settings-blocked = Personnes qui perdraient l’accès
settings_saved = Paramètres enregistrés.
factors_reset = { $count ->
    [one] { $count } méthode du compte { $username } a été supprimée.
   *[other] { $count } méthodes du compte { $username } ont été supprimées.
}
explain-when = Date
explain-user = Compte
explain-application = Application
explain-no-application = Espace personnel
explain-asked = Étape demandée
explain-with = Méthodes
explain-rule = Règle appliquée
explain-rule-version = règle { $rule }, version { $version }
explain-acr = Niveau requis
explain-reasons = Raisons
explain-outcome = Résultat
explain-asked-first = Connexion
explain-asked-factor = Seconde étape
explain-asked-enrol = Configuration de la validation en deux étapes
explain-asked-suggest = Configuration de la validation en deux étapes, avec possibilité de la reporter
explain-asked-nothing = Aucune : ce qui est exigé est hors de portée de cette personne
explain-open = Pas encore de réponse
explain-passed = Étape réussie
explain-failed = Étape non réussie

## Mails

mail-when = Date :
mail-account = Compte :
mail-not-you = Si ce n’était pas vous, changez votre mot de passe et fermez toutes les autres sessions dès maintenant.
mail-help = Des questions ? Écrivez à { $email }.
mail-verify-subject = Confirmez votre adresse pour { $pool }
mail-verify-lead = Quelqu’un, sans doute vous, souhaite créer un compte { $pool } avec cette adresse.
mail-verify-after = Ce lien est valable { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} et ne sert qu’une fois. Si ce n’était pas vous, ignorez ce message.
mail-verify-action = Confirmer et continuer
mail-registered-subject = Vous avez déjà un compte { $pool }
mail-registered-lead = Quelqu’un, sans doute vous, a voulu créer un compte { $pool } avec cette adresse. Il en existe déjà un : { $account }.
mail-registered-after = Si ce n’était pas vous, ignorez ce message. Votre compte reste inchangé.
mail-registered-action = Se connecter
mail-reset-subject = Réinitialisez votre mot de passe { $pool }
mail-reset-lead = Quelqu’un, sans doute vous, a demandé à réinitialiser le mot de passe du compte { $account } sur { $pool }.
mail-reset-after = Ce lien est valable { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} et ne sert qu’une fois. Si ce n’était pas vous, ignorez ce message. Votre mot de passe reste inchangé.
mail-reset-action = Choisir un nouveau mot de passe
mail-password-changed-subject = Votre mot de passe { $pool } a été modifié
mail-password-changed-lead = Le mot de passe du compte { $account } a été modifié.
mail-password-changed-after = Toutes les autres sessions ont été fermées.
mail-factor-added-subject = Une méthode de validation a été ajoutée à votre compte { $pool }
mail-factor-added-lead = Méthode ajoutée : { $factor } « { $label } ».
mail-factor-added-after = Elle peut désormais servir à se connecter.
mail-factor-removed-subject = Une méthode de validation a été supprimée de votre compte { $pool }
mail-factor-removed-lead = Méthode supprimée : { $factor } « { $label } ».
mail-factor-removed-after = Elle ne peut plus servir à se connecter.
mail-factor-disabled-subject = Une méthode de validation a été désactivée sur { $pool }
mail-factor-disabled-lead = Méthode désactivée après trop de codes erronés : { $factor } « { $label } ».
mail-factor-disabled-after = Une personne qui essaie des codes connaît souvent déjà le mot de passe. Si c’était vous, supprimez cette méthode et configurez-la de nouveau.
mail-password-disabled-subject = Votre mot de passe pour { $pool } a été bloqué
mail-password-disabled-lead = Quelqu’un a essayé trop de mots de passe erronés pour { $account }. Dans les navigateurs nouveaux pour votre compte, plus personne ne peut se connecter en tant que { $account } avec un mot de passe.
mail-password-disabled-after = Là où vous vous êtes déjà connecté, il fonctionne toujours. Pour l’utiliser de nouveau partout, choisissez-en un autre.
mail-wrong-codes-subject = Réponses erronées pour votre compte { $pool }
mail-wrong-codes-lead = Quelqu’un a saisi le bon mot de passe de { $account }, puis trop de réponses erronées : { $factor }.
mail-wrong-codes-after = La connexion n’a pas abouti. Si ce n’était pas vous, quelqu’un connaît votre mot de passe : changez-le.
factor-recovery-used-subject = Un code de secours a été utilisé sur { $pool }
factor-recovery-used-lead = Quelqu’un s’est connecté au compte { $account } avec un code de secours.
factor-recovery-used-after = { $left ->
    [0] Il ne reste aucun code.
    [one] Il reste un code.
   *[other] Il reste { $left } codes.
}
factor-recovery-low-subject = Vos codes de secours { $pool } sont presque épuisés
factor-recovery-low-lead = { $left ->
    [0] Il ne vous reste aucun code de secours.
    [one] Il vous reste un code de secours.
   *[other] Il vous reste { $left } codes de secours.
}
factor-recovery-low-after = Créez-en de nouveaux sur la page Sécurité de votre compte.
mail-codes-regenerated-subject = Nouveaux codes de secours pour { $pool }
mail-codes-regenerated-lead = De nouveaux codes de secours ont été créés pour le compte { $account }.
mail-codes-regenerated-after = Les anciens codes ne fonctionnent plus.
mail-new-device-subject = Nouvelle connexion à { $pool }
mail-new-device-lead = { $known ->
    [0] Quelqu’un s’est connecté au compte { $account } depuis un navigateur que nous ne connaissions pas : { $device }.
   *[other] Quelqu’un s’est connecté au compte { $account } depuis un navigateur que nous ne connaissions pas : { $device }, { $place }.
}
mail-new-device-after = Si c’était vous, vous n’avez rien à faire.
mail-held-back-subject = { $pool } retient d’autres messages au sujet de votre compte
mail-held-back-lead = Il s’est passé tant de choses sur le compte { $account } que, pendant une heure au plus, nous n’enverrons plus de message pour chacune.
mail-held-back-after = Rien n’est perdu : tout figure dans votre compte, sous « Activité ». Consultez-la maintenant.
mail-held-back-action = Voir ce qui s’est passé
mail-factors-reset-subject = Les méthodes de validation de votre compte { $pool } ont été réinitialisées
mail-factors-reset-lead = L’équipe d’administration a supprimé toutes les méthodes de validation du compte { $account }.
mail-factors-reset-after = Votre mot de passe reste inchangé et vos sessions ont été fermées. Connectez-vous et configurez de nouveau la validation en deux étapes.
mail-mfa-disabled-subject = La validation en deux étapes de votre compte { $pool } a été désactivée
mail-mfa-disabled-lead = La validation en deux étapes du compte { $account } a été désactivée.
mail-mfa-disabled-after = Le mot de passe suffit désormais pour se connecter.
mail-password-reset-done-subject = Votre mot de passe { $pool } a été réinitialisé
mail-password-reset-done-lead = Le mot de passe du compte { $account } a été réinitialisé au moyen d’un lien que nous avions envoyé à cette adresse.
mail-password-reset-done-after = Toutes les sessions ont été fermées. Votre validation en deux étapes reste inchangée.

## Passkeys and security keys

factor-passkey-sign-in = Se connecter avec une clé d’accès
factor-passkey = Clé d’accès
factor-passkey-description = Votre empreinte digitale, votre visage ou le verrouillage de votre appareil
factor-passkey-enrol-title = Créer une clé d’accès
factor-passkey-enrol-text = Votre appareil ou un gestionnaire de mots de passe la conserve et la déverrouille avec votre empreinte digitale, votre visage ou un code PIN. Elle vous permettra ensuite de vous connecter sans mot de passe, et elle ne fonctionne que sur ce site.
factor-passkey-verify-text = Appuyez sur le bouton et déverrouillez votre clé d’accès comme vous déverrouillez votre appareil.
factor-passkey-wrong = Cette clé d’accès n’a pas été acceptée. Réessayez ou utilisez une autre méthode.
factor-security-key = Clé de sécurité
factor-security-key-description = Une clé que vous branchez ou approchez de votre appareil
factor-security-key-enrol-title = Ajouter une clé de sécurité
factor-security-key-enrol-text = Gardez votre clé à portée de main. Votre navigateur vous dira quand la brancher et la toucher.
factor-security-key-verify-text = Gardez votre clé à portée de main, appuyez sur le bouton, puis touchez la clé lorsqu’elle clignote.
factor-security-key-wrong = Cette clé de sécurité n’a pas été acceptée. Réessayez ou utilisez une autre méthode.
webauthn-noscript = JavaScript est nécessaire ici. Activez-le et actualisez la page, ou utilisez une autre méthode.
webauthn-waiting = Votre navigateur attend votre réponse. Cherchez sa fenêtre.
webauthn-denied = L’opération a été annulée ou a pris trop de temps. Réessayez.
webauthn-denied-passkey = L’opération a été annulée ou a pris trop de temps, ou cet appareil ne peut pas vérifier votre empreinte digitale, votre visage ou votre code PIN, ce qu’exige une clé d’accès. Réessayez ou utilisez une autre méthode, par exemple une clé de sécurité.
webauthn-known = Cette clé est déjà configurée. Utilisez-en une autre.
webauthn-unsupported = Ce navigateur ne le permet pas. Utilisez un autre navigateur ou une autre méthode.
webauthn-insecure = Votre navigateur ne le permet que par une connexion sécurisée à la bonne adresse. Vérifiez l’adresse ou utilisez une autre méthode.
webauthn-failed = L’opération n’a pas abouti. Réessayez ou utilisez une autre méthode.

## Codes by mail, clocks that are off, and a single recovery code

factor-email = Code par e-mail
factor-email-description = Un code à six chiffres envoyé à votre adresse
factor-email-enrol-title = Utiliser des codes par e-mail
factor-email-wrong = Ce code est erroné ou n’est plus valable : il fonctionne pendant dix minutes, et seul le plus récent est accepté. Après cinq essais erronés, demandez-en un nouveau.
email-enrol-text = À chaque connexion, nous enverrons à votre adresse e-mail un code à saisir.
email-sent = Nous avons envoyé un code à { $address }. Il est valable { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}.
email-code = Code à six chiffres reçu par e-mail
email-hint = Toujours rien ? Regardez aussi dans vos courriers indésirables.
email-resend = Envoyer un nouveau code
factor-totp-drift-ahead = Ce code ne correspond pas, car l’horloge de votre téléphone avance d’environ { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}. Réglez le téléphone sur l’heure du réseau, puis saisissez le code affiché.
factor-totp-drift-behind = Ce code ne correspond pas, car l’horloge de votre téléphone retarde d’environ { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}. Réglez le téléphone sur l’heure du réseau, puis saisissez le code affiché.
totp-get-android = { $app } pour Android
totp-get-ios = { $app } pour iOS
factor-recovery-enrol-title-one = Votre code de secours
factor-recovery-reveal-title-one = Enregistrez votre code de secours
recovery-enrol-text-one = Vous allez recevoir un code pour les moments où vous n’avez pas votre téléphone. Il ne s’affichera qu’une fois, à la page suivante.
codes-lead-one = Si vous perdez votre téléphone, ce code vous permettra de vous connecter. Il ne sert qu’une fois.
codes-for-one = Code de secours pour { $pool }, compte { $account }
codes-once-one = Ce code reste affiché ici jusqu’à ce que vous continuiez. Conservez-le avec vos documents importants.
codes-filename-one = code-de-secours.txt
factor-email-mail-subject = Votre code pour { $pool }
factor-email-mail-lead = Pour vous connecter à { $pool }, saisissez ce code : { $code }
factor-email-mail-after = Il est valable { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} et ne sert qu’une fois. Ne le communiquez à personne, pas même à nous. Si vous n’êtes pas en train de vous connecter, quelqu’un connaît votre mot de passe : changez-le.

## The mail address

field-new-email = Nouvelle adresse
profile-email-change = Changer d’adresse
profile-email-add = Ajouter une adresse
profile-email-prove = Confirmer cette adresse
pending-title = Confirmez votre adresse
pending-lead = Si { $email } peut être utilisée ici, un code y a été envoyé. Saisissez-le ; d’ici là, rien ne change.
pending-hint = Rien au bout de quelques minutes ? Regardez dans les courriers indésirables. Une même adresse ne reçoit que quelques messages par heure.
pending-code = Code à huit chiffres
pending-until = Valable jusqu’au
pending-submit = Confirmer l’adresse
pending-cancel = Abandonner cette adresse
address-title = Adresse e-mail
address-lead = Nous envoyons un code à l’adresse. Elle est prise en compte dès que vous avez saisi le code.
address-current = Votre adresse actuelle
address-undo-hint = Votre adresse actuelle est prévenue et peut annuler le changement pendant une semaine.
address-submit = Envoyer le code
email_unchanged = C’est déjà votre adresse, et elle est vérifiée.
email_code_wrong = Ce code n’est pas valable. Utilisez celui du dernier message, ou faites-en envoyer un nouveau.
email_in_use = Cette adresse appartient à un autre compte. Utilisez-en une autre.
email_proved = Votre adresse est vérifiée.
address_set = { $username } a maintenant l’adresse { $email }. Elle reste non vérifiée jusqu’à sa confirmation dans le profil.
done-address-restored = Votre ancienne adresse est rétablie
done-address-restored-detail = Toutes les sessions sont fermées. La personne qui a changé l’adresse connaît peut-être votre mot de passe : choisissez-en un nouveau maintenant.
done-address-in-use = L’ancienne adresse appartient désormais à un autre compte
done-address-in-use-detail = Toutes les sessions sont fermées et la nouvelle adresse n’est plus considérée comme sûre. Connectez-vous pour ajouter une adresse à vous, ou demandez de l’aide.
next-new-password = Choisir un nouveau mot de passe
address-undo-title = Annuler le changement ?
address-undo-lead = { $email } redevient l’adresse de { $account }. Toutes les sessions se ferment : la personne qui a changé l’adresse est déconnectée.
address-undo-submit = Annuler le changement
settings-address-title = Donner une autre adresse à quelqu’un
settings-address-lead = Pour une personne qui n’a plus accès à sa messagerie. Assurez-vous d’abord de son identité. L’ancienne adresse est prévenue et peut annuler le changement. La nouvelle reste non vérifiée jusqu’à sa confirmation dans le profil ; d’ici là, elle ne permet pas de réinitialiser un mot de passe.
settings-address-submit = Changer l’adresse
mail-address-code-subject = Confirmez votre adresse pour { $pool }
mail-address-code-lead = Quelqu’un, sans doute vous, veut utiliser cette adresse pour un compte de { $pool }. Pour confirmer, saisissez ce code sur la page qui le demande : { $code }
mail-address-code-after = Ce code est valable { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
} et ne sert qu’une fois. Ne le donnez à personne : nous ne vous le demanderons jamais. Si ce n’était pas vous, ignorez ce message.
mail-address-in-use-subject = Votre adresse est déjà utilisée sur { $pool }
mail-address-in-use-lead = Quelqu’un veut utiliser cette adresse pour un autre compte de { $pool }. Elle appartient déjà à { $account } ; rien n’a été modifié.
mail-address-in-use-after = Si c’était vous : connectez-vous à { $account } ou utilisez une autre adresse. Sinon, ignorez ce message. Votre compte reste inchangé.
mail-address-undo-subject = L’adresse de votre compte { $pool } a été modifiée
mail-address-undo-lead = Le compte { $account } a maintenant une autre adresse. Celle-ci n’y est plus utilisée.
mail-address-undo-after = Si ce n’était pas vous, annulez le changement : votre adresse est rétablie et toutes les sessions se ferment. Ce lien est valable { $days ->
    [one] { $days } jour
   *[other] { $days } jours
} et ne sert qu’une fois. D’ici là, la nouvelle adresse ne permet pas de réinitialiser le mot de passe.
mail-address-undo-action = Annuler le changement
mail-address-changed-subject = L’adresse d’un compte { $pool } a été modifiée
mail-address-changed-lead = Le compte { $account } a maintenant une autre adresse. Celle-ci n’y est plus utilisée.
mail-address-changed-after = Les e-mails concernant ce compte n’arrivent plus ici.

## Activity, a copy of one’s data, the end of an account

nav-activity = Activité
nav-data = Vos données
home-activity = Ce qui s’est passé sur votre compte
home-data = Télécharger une copie ou supprimer votre compte
activity-title = Activité
activity-lead = Ce qui s’est passé sur votre compte, le plus récent d’abord.
activity-none = Rien pour l’instant.
activity-newest = Plus récent
activity-older = Plus ancien
activity-pages = Pages de la liste
activity-advice = Quelque chose vous semble inconnu ? Changez votre mot de passe, puis fermez les autres sessions :
activity-by-administrator = par un administrateur
activity-sign-in = Connexion
activity-sign-out = Déconnexion
activity-consent = Accès autorisé : { $client }
activity-consent-refused = Accès refusé : { $client }
activity-device-code-refused = Code d’un appareil qui n’attendait pas
activity-registered = Compte créé
activity-reset-asked = Lien de réinitialisation du mot de passe demandé
activity-password-reset = Mot de passe réinitialisé par e-mail
activity-password-change = Mot de passe modifié
activity-password-change-refused = Mot de passe non modifié : l’actuel était faux
activity-profile = Profil modifié
activity-address-asked = Code demandé pour une adresse e-mail
activity-address-changed = Adresse e-mail vérifiée
activity-address-changed-refused = Code erroné pour une adresse e-mail
activity-address-restored = Changement d’adresse e-mail annulé
activity-data-exported = Copie de vos données téléchargée
activity-application-revoked = Accès retiré : { $client }
activity-session-revoked = Une session fermée
activity-sessions-revoked = Toutes les autres sessions fermées
activity-browser-forgotten = Un navigateur mémorisé oublié
activity-factor-enrolled = Méthode de validation ajoutée
activity-factor-replaced = Méthode de validation remplacée
activity-factor-renamed = Méthode de validation renommée
activity-factor-removed = Méthode de validation supprimée
activity-factors-chosen = Seconde étape activée
activity-factors-disabled = Seconde étape désactivée
activity-codes-regenerated = Nouveaux codes de secours créés
activity-factors-reset = Toutes les méthodes de validation supprimées
activity-user-created = Compte créé
activity-user-updated = Compte modifié
activity-user-disabled = Compte désactivé
activity-user-enabled = Compte réactivé
activity-password-set = Mot de passe remplacé
activity-code-replayed = Accès d’une application retiré : elle a utilisé un code deux fois
activity-refresh-token-reused = Accès d’une application retiré : elle a utilisé un jeton deux fois
activity-token-revoked = Une application a rendu son accès
activity-password-refused = Mot de passe erroné à la connexion
activity-passwordless-refused = Clé d’accès refusée à la connexion
activity-second-factor-refused = Réponse erronée à la seconde étape
data-title = Vos données
data-lead = Ce qui est conservé ici sur vous, et comment y mettre fin.
data-export-title = Télécharger une copie
data-export-lead = Un fichier au format JSON avec votre profil, vos sessions, vos méthodes de validation, vos applications et l’activité récente. Il ne contient ni mot de passe, ni clé, ni code.
data-export-submit = Télécharger
data-delete-title = Supprimer votre compte
data-delete-lead = C’est irréversible. Vous verrez ce qui sera perdu avant toute suppression.
data-delete-submit = Supprimer le compte
data-delete-off = Ici, les comptes sont supprimés par les personnes qui les gèrent. Adressez-vous à elles.
delete-title = Supprimer votre compte ?
delete-lead = Ceci est perdu immédiatement et définitivement :
delete-account = Le compte { $username }, avec son nom, son adresse et son mot de passe
delete-sessions = { $count ->
    [one] Cette session ({ $count })
   *[other] Les { $count } sessions
}
delete-factors = Vos méthodes de validation et codes de secours
delete-application = L’accès à { $client }, et tout ce que vous n’atteignez que par là
delete-kept = Conservé pour la sécurité du service : l’historique des événements, avec votre nom d’utilisateur et les adresses IP. Ce que les applications conservent sur vous dépend d’elles.
delete-type = Pour confirmer, saisissez { $username }
delete-submit = Supprimer mon compte
delete_mistyped = Ce n’est pas votre nom d’utilisateur. Rien n’a été supprimé.
delete_last_admin = Vous êtes la seule personne à pouvoir gérer ce site. Ajoutez d’abord un autre administrateur.
done-deleted = Votre compte est supprimé
done-deleted-detail = Vous êtes déconnecté partout. Vous pouvez fermer cette fenêtre.
mail-deleted-subject = Votre compte { $pool } a été supprimé
mail-deleted-lead = Le compte { $account } a été supprimé, à la demande d’une personne connectée qui s’est authentifiée à nouveau.
mail-deleted-after = Tout son contenu est supprimé. Si ce n’était pas vous, demandez de l’aide : l’historique des événements est conservé.
