# Spanish texts of the pages and mails: “usted”, words that serve Spain and Latin America alike, no gender for the reader.

## Everywhere

ui-skip = Ir al contenido
ui-demo-label = Acerca de este sitio
ui-demo = Demostración. Use solo las cuentas de ejemplo; no escriba una contraseña real.
ui-help = Obtener ayuda
ui-language-switch = Cambiar idioma
ui-error-prefix = Error:
ui-show = Mostrar
ui-hide = Ocultar
ui-show-password = Mostrar la contraseña
ui-hide-password = Ocultar la contraseña
ui-copy = Copiar
ui-copied = Copiado
ui-cancel = Cancelar
ui-save = Guardar
ui-switch-account = ¿No es usted? Usar otra cuenta
ui-back-to-login = Volver al inicio de sesión
ui-sign-out = Cerrar sesión

nav-label = Su cuenta
nav-profile = Perfil
nav-password = Contraseña
nav-security = Seguridad
nav-sessions = Sesiones
nav-apps = Aplicaciones conectadas

field-username = Nombre de usuario
field-username-hint = Letras, números, puntos, guiones y guiones bajos. Lo usará para iniciar sesión.
field-identifier = Nombre de usuario o correo electrónico
field-password = Contraseña
field-current-password = Contraseña actual
field-new-password = Contraseña nueva
field-password-hint = Al menos { $min } caracteres. Unas cuantas palabras sin relación entre sí son una buena opción.
field-email = Correo electrónico
field-name = Nombre visible
field-name-hint = Opcional. Las aplicaciones conectadas pueden mostrarlo.
field-locale = Idioma

## Sign-in

login-title = Iniciar sesión
login-to-client = para continuar en { $client }
login-submit = Iniciar sesión
login-again-title = Confirme su contraseña
login-again-submit = Confirmar
login-forgot = ¿Olvidó su contraseña?
login-no-account = ¿Aún no tiene cuenta?
login-register = Crear una cuenta

factor-title = Confirme su identidad
factor-submit = Continuar
factor-others = ¿Ha perdido el teléfono o no funciona? Usar otro método
factor-lost = ¿Ha perdido el teléfono? Los responsables de este sitio pueden ayudarle a entrar.
factor-totp = Aplicación de autenticación
factor-totp-description = Un código de seis dígitos de una aplicación en su teléfono
factor-totp-enrol-title = Configurar su aplicación de autenticación
factor-recovery = Códigos de recuperación
factor-recovery-description = Un código que guardó para cuando no tenga el teléfono a mano
factor-recovery-enrol-title = Sus códigos de recuperación
factor-label = Nombre de este dispositivo
factor-label-hint = Para reconocerlo más adelante, por ejemplo, «Teléfono del trabajo».

totp-code = Código de seis dígitos
totp-verify-hint = Abra su aplicación de autenticación y escriba el código que muestra.
totp-enrol-hint = Escriba el código que su aplicación muestra ahora.
totp-step-app = Tenga a mano una aplicación de autenticación
totp-step-app-text = Sirve cualquier aplicación que muestre códigos de seis dígitos.
totp-no-app = Todavía no tengo ninguna
totp-step-scan = Añada esta cuenta a la aplicación
totp-qr-name = Código QR que añade { $issuer }, cuenta { $account }, a una aplicación de autenticación
totp-scan-text = Escanee este código con la aplicación. ¿Está leyendo esto en su teléfono? Abra la aplicación directamente.
totp-open-app = Abrir en la aplicación de autenticación
totp-manual = ¿No puede escanearlo? Escriba los datos
totp-keep = Guarde la cuenta y la clave en un lugar seguro. Con ellas podrá configurar otro teléfono.
totp-issuer = Emisor
totp-account = Cuenta
totp-secret = Clave
totp-kind = Tipo
totp-kind-value = Basado en la hora, 6 dígitos, cada 30 segundos
totp-step-code = Compruebe que funciona

recovery-code = Código de recuperación
recovery-enrol-text = Recibirá { $count } códigos para cuando no tenga el teléfono a mano. Se muestran una sola vez, en la página siguiente.
recovery-enrol-replaced = { $replaced ->
    [one] El código que le queda sin usar dejará de funcionar.
   *[other] Los { $replaced } códigos que le quedan sin usar dejarán de funcionar.
}
recovery-verify-hint = Cada código sirve una sola vez. Los guiones, los espacios y las mayúsculas no importan.

enrol-title = Configurar la verificación en dos pasos
enrol-forced = Podrá continuar en cuanto termine.
enrol-submit = Confirmar y continuar
enrol-choice-title = Elegir un método de verificación
enrol-choice-lead = Protege su cuenta aunque otra persona averigüe su contraseña.

reveal-title = Guarde esto ahora
reveal-next = Ya los he guardado
factor-recovery-reveal-title = Guarde sus códigos de recuperación
codes-lead = Si pierde el teléfono, podrá entrar con uno de estos códigos. Cada uno sirve una sola vez.
codes-for = Códigos de recuperación para { $pool }, cuenta { $account }
codes-once = Estos códigos permanecen aquí hasta que continúe. Guárdelos con sus documentos importantes.
codes-copy = Copiar
codes-download = Descargar
codes-print = Imprimir
codes-filename = codigos-de-recuperacion.txt

reason-policy-required = { $pool } pide a todo el mundo un segundo paso.
reason-policy-yours = { $pool } le pide un segundo paso.
reason-app-requires = { $client } pide un segundo paso.
reason-enrolled = Su cuenta tiene configurada la verificación en dos pasos.
reason-fresh = Para esto, confirme una vez más su identidad.
reason-recovered = Ha entrado con un código de recuperación. Para continuar, vuelva a configurar un método de verificación: el que perdió dejará de funcionar.

consent-title = ¿Permitir el acceso?
consent-lead = { $client } quiere usar su cuenta de { $pool }.
consent-scopes = Esta aplicación podrá
consent-allow = Permitir
consent-deny = No permitir
consent-host = Continuará en
consent-described = Esta aplicación se describe a sí misma en:
consent-described-untrusted = Aquí nadie conoce esta aplicación. Permita el acceso solo si confía en el sitio que la describe:
consent-registered = Esta aplicación se registró por sí misma y nadie ha comprobado su nombre. Permita el acceso solo si conoce su dirección:
consent-revoke = Puede retirar este permiso en cualquier momento desde su cuenta.

device-title = Conectar un dispositivo
device-lead = Escriba el código que muestra el dispositivo.
device-lead-compare = ¿Muestra el dispositivo exactamente este código? Continúe solo en ese caso.
device-code-field = Código
device-code-hint = Ocho letras, por ejemplo WDJB-MJHT
device-fine = ¿Alguien le ha enviado este código o se lo ha dictado por teléfono? No continúe: esa persona entraría en su cuenta.
device-code-wrong = Ningún dispositivo espera con este código, o ya no. Mire de nuevo el dispositivo o haga que muestre un código nuevo.
device-consent-title = ¿Dejar entrar a este dispositivo?
device-consent-lead = { $client }, en otro dispositivo, quiere usar su cuenta de { $pool }.
device-warning = Permítalo solo si acaba de iniciarlo usted y el dispositivo que tiene delante muestra este código.
device-code-shown = Código en el dispositivo
device-asked = Solicitado
device-allowed = El dispositivo está conectado
device-allowed-detail = { $client } continuará en un momento en el dispositivo. Puede cerrar esta ventana.
device-denied = No se dejó entrar al dispositivo
device-denied-detail = { $client } no recibe nada de su cuenta. Puede cerrar esta ventana.

scope-openid = Saber quién es usted
scope-openid-description = Un identificador estable y cómo inició sesión
scope-profile = Ver su perfil
scope-profile-description = Nombre, nombre de usuario, idioma y lo que su perfil dice de usted
scope-email = Ver su dirección de correo electrónico
scope-email-description = La dirección y si está verificada
scope-groups = Ver sus grupos
scope-groups-description = Los nombres de los grupos a los que pertenece aquí
scope-address = Ver su dirección postal
scope-address-description = Calle, código postal, ciudad, región y país, si figuran en su perfil
scope-phone = Ver su número de teléfono
scope-phone-description = El número y si está verificado
scope-roles = Ver sus roles
scope-roles-description = Los nombres de los roles que le dieron los administradores
scope-own = Comparte: { $names }
scope-api = Usar { $api } en su nombre
scope-offline_access = Mantener la conexión
scope-offline_access-description = Conservar este acceso en su ausencia

## Account by mail

register-title = Crear una cuenta
register-lead = Le enviaremos un enlace para empezar.
register-submit = Enviar enlace
register-have-account = ¿Ya tiene una cuenta?
register-complete-title = Completar su cuenta
register-complete-lead = La dirección { $email } está confirmada.
register-complete-submit = Crear cuenta
mail-sent-title = Revise su correo
mail-sent-register = Si la dirección se puede usar aquí, recibirá un mensaje con el siguiente paso.
mail-sent-reset = Si existe una cuenta que coincida, recibirá un mensaje con un enlace.
mail-sent-hint = ¿No ha llegado nada en unos minutos? Mire en la carpeta de correo no deseado y vuelva a intentarlo. A una misma dirección solo se envían unos pocos mensajes por hora.
reset-title = Restablecer su contraseña
reset-lead = Díganos quién es y enviaremos un enlace al correo electrónico de su cuenta.
reset-submit = Enviar enlace
reset-form-title = Elegir una contraseña nueva
reset-form-submit = Guardar contraseña
reset-form-note = Se cerrarán todas sus demás sesiones. La verificación en dos pasos no cambia.
done-reset = Contraseña cambiada
done-reset-detail = Inicie sesión con su contraseña nueva.
done-registered = Le damos la bienvenida
done-registered-detail = Su cuenta está lista.
done-cancelled = Inicio de sesión cancelado
done-cancelled-detail = No ha cambiado nada. Puede cerrar esta ventana.
done-recovered = Ha iniciado sesión
done-recovered-advice = Si ha perdido su dispositivo, elimínelo ahora y configure otro: hasta entonces sigue abriendo su cuenta.
done-recovered-detail = Ese código de recuperación ya no sirve. Si ha perdido su dispositivo, elimínelo y configure otro.
done-recovered-left = Ese código de recuperación ya no sirve. { $left ->
    [0] Era el último: genere códigos nuevos en su cuenta.
    [one] Le queda uno: genere códigos nuevos en su cuenta.
   *[other] Le quedan { $left }.
}
codes-shown = Sus códigos de recuperación ya se mostraron
codes-shown-detail = Se muestran una sola vez. Si no los guardó, genere códigos nuevos en la página Seguridad de su cuenta.
proved_fresh = Gracias. Durante unos minutos puede cambiar sus métodos de verificación.
next-continue = Continuar
next-security = Ir a Seguridad
next-replace = Sustituir un dispositivo perdido
next-sign-in = Iniciar sesión
next-account = Ir a su cuenta

## Signing out

answer-title = De vuelta a la aplicación
answer-lead-client = El inicio de sesión continúa en { $client }.
answer-lead = El inicio de sesión continúa en la aplicación.

logout-title = ¿Cerrar sesión?
logout-lead = Tiene una sesión abierta en { $pool }.
logout-lead-client = { $client } solicita cerrar su sesión en { $pool }.
logout-confirm = Cerrar sesión
logout-stay = Mantener la sesión abierta
signed-out-title = Sesión cerrada
signed-out-lead = Se ha cerrado su sesión de { $pool } en este navegador.
signed-out-back-client = Volver a { $client }

## User center

profile-title = Perfil
profile-lead = Lo que las aplicaciones conectadas ven de usted.
profile-verified = Verificado
profile-unverified = No verificado
profile-locale-auto = El de mi navegador
profile-field-given_name = Nombre
profile-field-middle_name = Segundo nombre
profile-field-family_name = Apellidos
profile-field-nickname = Apodo
profile-field-gender = Género
profile-field-birthdate = Fecha de nacimiento
profile-field-phone_number = Número de teléfono
profile-field-street_address = Calle y número
profile-field-postal_code = Código postal
profile-field-locality = Ciudad
profile-field-region = Provincia o región
profile-field-country = País
profile-field-zoneinfo = Zona horaria
profile-field-picture = Imagen
profile-field-profile = Página sobre usted
profile-field-website = Sitio web
profile-details = Sobre usted
profile-details-lead = Todo es opcional. Una aplicación recibe solo lo que pide.
profile-yes = Sí
profile-no = No
profile-not-set = Sin indicar
profile-hint-birthdate = 1990-12-31. Sin el año: 0000-12-31. Solo el año: 1990.
profile-hint-phone_number = Con el prefijo del país, por ejemplo +34 910 123 456.
profile-hint-zoneinfo = Por ejemplo, Europe/Madrid.
profile-hint-picture = La dirección https de una imagen.
profile-hint-page = La dirección de una página, con https://
profile-hint-lines = Uno en cada línea.
password-title = Contraseña
password-lead = Al cambiarla se cierran todas sus demás sesiones.
password-submit = Cambiar contraseña
security-title = Seguridad
security-active = Al iniciar sesión se le pide un segundo paso.
security-inactive = Solo su contraseña protege su cuenta. Añada un segundo paso para impedir que entren otras personas.
security-factors = Métodos de verificación
security-none = Aún no hay nada configurado.
security-add = Añadir: { $factor }
security-added = Añadido el
security-used = último uso el
security-never-used = aún sin usar
security-disabled = Desactivado
security-disabled-text = Se probaron demasiados códigos incorrectos. Elimine este método y vuelva a configurarlo.
security-manage = Cambiar nombre o eliminar
security-rename = Cambiar nombre
security-remove-named = Eliminar { $label }
security-codes-left = { $left ->
    [0] No le queda ninguno de los { $total } códigos.
    [one] Le queda uno de los { $total } códigos.
   *[other] Le quedan { $left } de los { $total } códigos.
}
security-codes-low = Genere códigos nuevos ahora para no perder el acceso a su cuenta.
security-regenerate-hint = Los códigos anteriores dejarán de funcionar de inmediato.
sessions-title = Sesiones
sessions-lead = Sus sesiones abiertas. Cierre las que no reconozca y después cambie su contraseña.
sessions-current = Sesión actual
sessions-started = Iniciada el
sessions-seen = Última actividad el
sessions-revoke = Cerrar
sessions-revoke-named = Cerrar la sesión: { $device }
sessions-revoke-others = Cerrar todas las demás sesiones
apps-title = Aplicaciones conectadas
apps-lead = Aplicaciones a las que ha permitido usar su cuenta.
apps-none = Ninguna aplicación tiene acceso.
apps-may-see = Permisos:
apps-granted = Acceso permitido el
apps-used = Último uso el
apps-revoke = Retirar acceso
apps-revoke-named = Retirar acceso: { $client }
policy-off = Aquí no se ofrece la verificación en dos pasos.
policy-off-asked = Aquí no se ofrecen nuevos métodos de verificación. El suyo se le sigue pidiendo.
policy-optional = Aquí la verificación en dos pasos es opcional, salvo que una aplicación la pida.
policy-announced = Por ahora puede aplazar la verificación en dos pasos. Después será obligatoria para usted.
policy-required = Aquí la verificación en dos pasos es obligatoria, por lo que no se puede eliminar el último método.
acr-1fa = Inicio de sesión en un paso
acr-mfa = Inicio de sesión en dos pasos
acr-phr = Inicio de sesión con llave de acceso o de seguridad
acr-phrh = Inicio de sesión con una llave que no se puede copiar

## What went wrong and what to do

credentials_wrong = El nombre de usuario o la contraseña no son correctos. Compruebe ambos y vuelva a intentarlo.
throttled = Demasiados intentos. Vuelva a intentarlo dentro de { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
}.
throttled_seconds = Demasiados intentos. Vuelva a intentarlo dentro de { $seconds ->
    [one] un segundo
   *[other] { $seconds } segundos
}.
code_wrong = Ese código no es válido o ya se ha usado. Espere al siguiente y escríbalo.
code_refused = No se ha aceptado ese código.
factor-totp-wrong = Ese código no es válido o ya se ha usado. Espere al siguiente y escríbalo.
factor-recovery-wrong = Ese código de recuperación no es válido o ya se ha usado. Pruebe con otro.
code_malformed = Escriba el código exactamente como se muestra.
factor_disabled = Este método se ha desactivado tras demasiados códigos incorrectos. Use otro.
factor_unavailable = Este método no está disponible. Use otro.
flow_expired = Este inicio de sesión tardó demasiado o se completó en otro lugar. Si le envió una aplicación, vuelva a ella; o empiece de nuevo aquí.
ceremony_expired = Se ha agotado el tiempo. Puede empezar de nuevo aquí.
form_expired = Esta página ha estado abierta demasiado tiempo o pertenece a otra sesión. Vuelva atrás, recárguela e inténtelo de nuevo.
field_missing = Rellene todos los campos.
sign_in_again = Vuelva a iniciar sesión para continuar.
sign_in_fresh = La aplicación le pide que vuelva a iniciar sesión.
account_locked = Esta cuenta no se puede usar en este momento. Solicite ayuda.
password_too_short = Use al menos { $min } caracteres en su contraseña.
password_too_long = Esa contraseña es demasiado larga. Use una más corta.
password_common = Esa contraseña aparece en filtraciones de datos o es fácil de adivinar. Elija otra.
password_contains_identity = Su contraseña no debe contener su nombre, su dirección ni el nombre de este sitio.
password_current_wrong = Esa no es su contraseña actual.
password_unchanged = Esa es su contraseña actual. Elija otra distinta.
username_taken = Este nombre de usuario no está disponible. Elija otro.
username_invalid = Use hasta 64 letras, números, puntos, guiones y guiones bajos en el nombre de usuario.
email_invalid = Escriba una dirección de correo completa, por ejemplo, nombre@example.org.
name_invalid = Use un nombre más corto y sin caracteres especiales.
label_invalid = Dé un nombre corto al dispositivo.
locale_invalid = Elija uno de los idiomas de la lista.
profile_field_invalid = Revise el campo marcado: su valor no se puede guardar así.
link_invalid_or_used = Este enlace ha caducado o ya se ha usado. Solicite uno nuevo.
link_used_up = Demasiados intentos con este enlace. Solicite uno nuevo.
gone = Ese elemento ya no existe. Recargue la página para ver los actuales.
factor_required = Aquí la verificación en dos pasos es obligatoria. Añada otro método antes de eliminar este.
profile_saved = Perfil guardado.
password_changed = Contraseña cambiada. Se han cerrado sus demás sesiones.
factor_added = Método de verificación añadido.
factor_removed = Método de verificación eliminado.
factor_renamed = Nombre cambiado.
codes_regenerated = Tiene códigos de recuperación nuevos. Los anteriores ya no funcionan.
session_revoked = Sesión cerrada.
sessions_revoked = Se han cerrado todas las demás sesiones.
app_revoked = Se ha retirado el acceso de la aplicación.
codes_low = { $left ->
    [0] No le queda ningún código de recuperación. Genere códigos nuevos ahora.
    [one] Le queda un código de recuperación. Genere códigos nuevos ahora.
   *[other] Le quedan { $left } códigos de recuperación. Genere códigos nuevos ahora.
}

title-cannot-continue = No podemos continuar
title-not-found = Página no encontrada
title-too-many = Espere un momento
title-our-fault = Algo ha fallado por nuestra parte
title-link = Este enlace ya no funciona
error-back = Ir a su cuenta
error-code = Error
error-request-id = Referencia
unknown_host = No hay ninguna página de inicio de sesión en esta dirección. Compruebe la dirección en su navegador.
not_found = Compruebe la dirección o vuelva a la aplicación de la que viene.
method_not_allowed = Esta dirección no admite ese tipo de solicitud.
too_large = Los datos enviados superan el tamaño permitido.
timeout = La operación ha tardado demasiado. Vuelva a intentarlo.
malformed_request = Los datos enviados no se pueden leer. Vuelva atrás e inténtelo de nuevo.
unsupported_media_type = Esta dirección solo admite formularios.
internal_error = No es culpa suya y no se ha cambiado nada. Vuelva a intentarlo en un momento; si el problema continúa, indíquenos la referencia.
unavailable = El servicio está saturado o en mantenimiento. Vuelva a intentarlo en un momento.
forbidden = Su cuenta no tiene permiso para hacer esto.
cross_site = Esa solicitud venía de otro sitio, así que no hemos hecho nada.
feature_off = Esta función no se ofrece aquí.
client_unknown = La aplicación de la que viene no está registrada aquí. Comuníquelo al proveedor de la aplicación.
redirect_uri_invalid = La aplicación pidió enviarle a una dirección que no tiene registrada. Por su seguridad, nos detenemos aquí. Comuníquelo al proveedor de la aplicación.
error-arrived-client = Aplicación que lo pide (client_id)
error-arrived-address = Dirección recibida
error-advice-register = Para el proveedor de la aplicación: si esta dirección es correcta, registre exactamente este texto, carácter por carácter. Lo que está registrado ahora figura en el registro de este servidor, con la referencia indicada abajo.
error-advice-unfit = Para el proveedor de la aplicación: esta dirección tampoco se puede registrar. Use una válida, regístrela y envíe exactamente el mismo texto.
error-advice-client = Para el proveedor de la aplicación: envíe el client_id registrado aquí o pida que se registre este. El registro de este servidor contiene los detalles, con la referencia indicada abajo.
error-advice-request = Para el proveedor de la aplicación: la línea «Error» indica qué falla. El registro de este servidor contiene los detalles, con la referencia indicada abajo.
authorize_request_invalid = La aplicación pidió iniciar su sesión con una solicitud que no se puede responder. Usted no ha hecho nada mal. Comuníquelo al proveedor de la aplicación.
signout_unreadable = La aplicación pidió cerrar su sesión con un mensaje que no se puede leer. No se ha cambiado nada y usted no ha hecho nada mal. Comuníquelo al proveedor de la aplicación.
signout_no_application = La aplicación quiere enviarle a una dirección después de cerrar la sesión, pero no indica qué aplicación es. No se ha cambiado nada y usted no ha hecho nada mal. Comuníquelo al proveedor de la aplicación.
signout_other_application = La solicitud para cerrar su sesión nombra una aplicación y lleva el token de otra. No se ha cambiado nada y usted no ha hecho nada mal. Comuníquelo al proveedor de la aplicación.
signout_address = La aplicación pidió enviarle, tras cerrar la sesión, a una dirección que no tiene registrada. Por su seguridad, nos detenemos aquí; no se ha cambiado nada. Comuníquelo al proveedor de la aplicación.
next-sign-out = Cerrar sesión aquí
next-start-again = Empezar de nuevo

## Second steps: how they stand, and changing them

nav-home = Resumen
nav-settings = Configuración
home-title = Resumen
home-greeting = Hola, { $name }
home-links = Su cuenta
home-profile = Su nombre y su idioma
home-password = Cambiar su contraseña
home-security = Métodos de verificación y códigos de recuperación
home-sessions = Sus sesiones abiertas
home-apps = Aplicaciones que pueden usar su cuenta
home-settings = Reglas para todo el mundo y ayuda para quien no puede entrar

mfa-card-title = Verificación en dos pasos
mfa-card-on = Activada: al iniciar sesión se le pide un segundo paso.
mfa-card-off = Desactivada: solo su contraseña protege su cuenta.
mfa-card-required = Activada y obligatoria aquí.
mfa-card-count = { $count ->
    [one] Hay un método configurado.
   *[other] Hay { $count } métodos configurados.
}
mfa-locked = Aquí la verificación en dos pasos no se puede desactivar.
mfa-locked-warning = Una vez activada, la verificación en dos pasos ya no se puede desactivar.
mfa-enable = Configurar la verificación en dos pasos
mfa-manage = Administrar los métodos de verificación
mfa-replace = Reemplazar por un método nuevo
security-replace = Reemplazar: { $factor }
enrol-replaces = En cuanto lo confirme, este método reemplazará al que tiene ahora.
mfa-disable = Desactivar
mfa-regenerate = Generar códigos nuevos
mfa-remove = Eliminar
mfa-enabled = La verificación en dos pasos está activada.
mfa-disabled = La verificación en dos pasos está desactivada. A partir de ahora basta con su contraseña.
mfa-experimental = Experimental
mfa-experimental-text = La verificación en dos pasos aún está en pruebas aquí.
mfa-experimental-help = ¿Algún problema? Escriba a
credential-synced = Sincronizada entre sus dispositivos
credential-syncable = Solo en este dispositivo; también podría estar en sus demás dispositivos
credential-device-bound = No sale del dispositivo en que se creó
credential-key-bound = No sale de la llave

confirm-now = Estado actual
confirm-items = Elementos afectados
confirm-enable-title = ¿Configurar la verificación en dos pasos?
confirm-enable-detail = Ya no bastará con conocer su contraseña para entrar en su cuenta. Solo lleva uno o dos minutos.
confirm-disable-title = ¿Desactivar la verificación en dos pasos?
confirm-disable-detail = Se eliminarán todos sus métodos y códigos de recuperación. Para volver a usar la verificación en dos pasos, tendrá que configurarla de nuevo.
confirm-remove-title = ¿Eliminar este método?
confirm-remove-detail = Ya no se podrá usar para iniciar sesión y su clave secreta se destruirá.
confirm-regenerate-title = ¿Generar códigos de recuperación nuevos?
confirm-regenerate-detail = Todos los códigos anteriores dejarán de funcionar de inmediato. Los nuevos se muestran una sola vez.
confirm-whom = Se trata de { $username }.
confirm-last-warning = Es su último método. Después bastará con su contraseña para entrar en su cuenta.

enrol-skip = Ahora no
enrol-skip-left = { $left ->
    [one] Puede aplazarlo una vez más.
   *[other] Puede aplazarlo { $left } veces más.
}
enrol-skip-from = Será obligatorio a partir del
done-enrolled = Verificación en dos pasos configurada
done-enrolled-detail = A partir de ahora se le pedirá un segundo paso al iniciar sesión.
ui-reference = Número de seguimiento:
remember-device = { $days ->
    [one] No volver a pedirlo en este navegador durante un día
   *[other] No volver a pedirlo en este navegador durante { $days } días
}
remember-device-hint = No lo marque en un equipo compartido.
devices-title = Navegadores recordados
devices-lead = En ellos no se vuelve a pedir el segundo paso hasta la fecha indicada.
devices-created = Recordado desde el
devices-used = Último uso el
devices-expires = Hasta el
devices-forget = Olvidar
devices-forget-named = Olvidar: { $device }
device_forgotten = Navegador olvidado. En él se volverá a pedir el segundo paso.

reason-requested = { $client } pide esta vez un segundo paso.
reason-suggested = { $pool } le recomienda configurar la verificación en dos pasos.
error-mfa-locked = Aquí la verificación en dos pasos es obligatoria y no se puede desactivar.
error-not-allowed-here = Solo quienes administran este sitio pueden ver esta página.
error-would-lock-out = { $count ->
    [one] Una persona ya no podría entrar: { $names }. Permita un método que tenga o deje que configure uno antes.
   *[other] { $count } personas ya no podrían entrar, entre ellas { $names }. Permita un método que tengan o deje que configuren uno antes.
}
error-would-lock-out-admin = Nadie podría volver a cambiar esta configuración: se perdería el acceso de { $names }. Dé antes permisos de administración a otra persona.
error-nothing-changed = Eso dejaría a personas sin acceso, así que no se ha cambiado nada.
error-factor-model-refused = Este modelo de llave no está permitido aquí. Use otro o solicite ayuda.
error-factor-unverified = Una llave de acceso necesita un dispositivo que compruebe su huella digital, su rostro o su PIN, y este no lo ha hecho. Use otro o añádalo como llave de seguridad.
error-mail-limit = Ya hay varios códigos en camino. Use el más reciente o vuelva a intentarlo dentro de { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
}.
error-skips-used = Ya no puede aplazarlo más. Configure la verificación en dos pasos para continuar.
error-trace-unknown = Aquí no hay nada con ese número de seguimiento. Cópielo de nuevo desde la página que lo muestra.
error-user-unknown = Ese nombre de usuario no existe. Compruebe cómo está escrito.

## Settings for admins

settings-title = Configuración
settings-lead = Para quienes administran { $pool }.
settings-mfa-toggle = Verificación en dos pasos para todo el mundo
settings-mfa-off = Por ahora no se ofrece aquí.
settings-mfa-optional = Por ahora, cada persona decide por su cuenta.
settings-mfa-required = Es obligatoria para todo el mundo.
settings-will-enrol = { $count ->
    [0] Todo el mundo la ha configurado ya.
    [one] Una persona tendrá que configurarla en su próximo inicio de sesión.
   *[other] { $count } personas tendrán que configurarla en su próximo inicio de sesión.
}
settings-would-enrol = { $count ->
    [0] Todo el mundo la ha configurado ya, así que nadie notaría el cambio.
    [one] Si la hace obligatoria, una persona tendrá que configurarla en su próximo inicio de sesión.
   *[other] Si la hace obligatoria, { $count } personas tendrán que configurarla en su próximo inicio de sesión.
}
settings-require = Hacerla obligatoria para todo el mundo
settings-relax = Dejar que cada persona decida
settings-relax-hint = A quien la haya configurado por decisión propia se le seguirá pidiendo.
settings-reset-title = Restablecer los métodos de verificación de una persona
settings-reset-lead = Para quien ha perdido su teléfono y sus códigos de recuperación. Asegúrese antes de que es esa persona. Se eliminarán todos sus métodos, se cerrarán sus sesiones y recibirá un mensaje de correo. Su contraseña no cambia; usted no puede iniciar sesión en su lugar.
settings-reset-submit = Restablecer métodos
settings-explain-title = Explicar una petición
settings-explain-lead = ¿Alguien se pregunta por qué se le pidió un paso? Su página muestra un número de seguimiento: péguelo aquí.
settings-explain-trace = Número de seguimiento
settings-explain-submit = Explicar
settings-blocked = Quién se quedaría sin acceso
settings_saved = Configuración guardada.
factors_reset = { $count ->
    [one] Se ha eliminado un método de { $username }.
   *[other] Se han eliminado { $count } métodos de { $username }.
}
explain-when = Fecha
explain-user = Cuenta
explain-application = Aplicación
explain-no-application = Área personal
explain-asked = Paso pedido
explain-with = Métodos
explain-rule = Regla aplicada
explain-rule-version = regla { $rule }, versión { $version }
explain-acr = Nivel requerido
explain-reasons = Motivos
explain-outcome = Resultado
explain-asked-first = Inicio de sesión
explain-asked-factor = Segundo paso
explain-asked-enrol = Configuración de la verificación en dos pasos
explain-asked-suggest = Configuración de la verificación en dos pasos, con posibilidad de aplazarla
explain-asked-nothing = Ninguno: lo que se exige está fuera del alcance de esta persona
explain-open = Aún sin respuesta
explain-passed = Paso superado
explain-failed = Paso no superado

## Mails

mail-when = Fecha:
mail-account = Cuenta:
mail-not-you = Si no ha sido usted, cambie su contraseña y cierre todas las demás sesiones ahora mismo.
mail-help = ¿Tiene preguntas? Escriba a { $email }.
mail-verify-subject = Confirme su dirección para { $pool }
mail-verify-lead = Alguien, probablemente usted, quiere crear una cuenta en { $pool } con esta dirección.
mail-verify-after = El enlace es válido durante { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
} y sirve una sola vez. Si no ha sido usted, ignore este mensaje.
mail-verify-action = Confirmar y continuar
mail-registered-subject = Ya tiene una cuenta en { $pool }
mail-registered-lead = Alguien, probablemente usted, ha intentado crear una cuenta en { $pool } con esta dirección. Ya existe una: { $account }.
mail-registered-after = Si no ha sido usted, ignore este mensaje. Su cuenta no ha cambiado.
mail-registered-action = Iniciar sesión
mail-reset-subject = Restablezca su contraseña de { $pool }
mail-reset-lead = Alguien, probablemente usted, ha pedido restablecer la contraseña de { $account } en { $pool }.
mail-reset-after = El enlace es válido durante { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
} y sirve una sola vez. Si no ha sido usted, ignore este mensaje. Su contraseña no ha cambiado.
mail-reset-action = Elegir una contraseña nueva
mail-password-changed-subject = Se ha cambiado su contraseña de { $pool }
mail-password-changed-lead = Se ha cambiado la contraseña de { $account }.
mail-password-changed-after = Se han cerrado todas las demás sesiones.
mail-factor-added-subject = Se ha añadido un método de verificación a su cuenta de { $pool }
mail-factor-added-lead = Método añadido: { $factor } «{ $label }».
mail-factor-added-after = A partir de ahora se puede usar para iniciar sesión.
mail-factor-removed-subject = Se ha eliminado un método de verificación de su cuenta de { $pool }
mail-factor-removed-lead = Método eliminado: { $factor } «{ $label }».
mail-factor-removed-after = Ya no se puede usar para iniciar sesión.
mail-factor-disabled-subject = Se ha desactivado un método de verificación en { $pool }
mail-factor-disabled-lead = Método desactivado tras demasiados códigos incorrectos: { $factor } «{ $label }».
mail-factor-disabled-after = Quien prueba códigos suele conocer ya la contraseña. Si ha sido usted, elimine este método y vuelva a configurarlo.
mail-password-disabled-subject = Su contraseña de { $pool } se ha bloqueado
mail-password-disabled-lead = Alguien ha probado demasiadas contraseñas incorrectas para { $account }. En los navegadores nuevos para su cuenta ya nadie puede iniciar sesión como { $account } con una contraseña.
mail-password-disabled-after = Donde ya ha iniciado sesión antes sigue funcionando. Para volver a usarla en todas partes, elija una nueva.
mail-wrong-codes-subject = Respuestas incorrectas en su cuenta de { $pool }
mail-wrong-codes-lead = Alguien introdujo la contraseña correcta de { $account } y después demasiadas respuestas incorrectas: { $factor }.
mail-wrong-codes-after = No consiguió entrar. Si no fue usted, alguien conoce su contraseña: cámbiela.
factor-recovery-used-subject = Se ha usado un código de recuperación en { $pool }
factor-recovery-used-lead = Alguien ha iniciado sesión en la cuenta { $account } con un código de recuperación.
factor-recovery-used-after = { $left ->
    [0] No queda ningún código.
    [one] Queda un código.
   *[other] Quedan { $left } códigos.
}
factor-recovery-low-subject = Le quedan pocos códigos de recuperación en { $pool }
factor-recovery-low-lead = { $left ->
    [0] No le queda ningún código de recuperación.
    [one] Le queda un código de recuperación.
   *[other] Le quedan { $left } códigos de recuperación.
}
factor-recovery-low-after = Genere códigos nuevos en la página Seguridad de su cuenta.
mail-codes-regenerated-subject = Códigos de recuperación nuevos para { $pool }
mail-codes-regenerated-lead = Se han generado códigos de recuperación nuevos para { $account }.
mail-codes-regenerated-after = Los códigos anteriores ya no funcionan.
mail-new-device-subject = Nuevo inicio de sesión en { $pool }
mail-new-device-lead = { $known ->
    [0] Alguien ha iniciado sesión en la cuenta { $account } desde un navegador que no conocíamos: { $device }.
   *[other] Alguien ha iniciado sesión en la cuenta { $account } desde un navegador que no conocíamos: { $device }, { $place }.
}
mail-new-device-after = Si ha sido usted, no tiene que hacer nada.
mail-held-back-subject = { $pool } retiene otros correos sobre su cuenta
mail-held-back-lead = Han pasado tantas cosas en la cuenta { $account } que, durante una hora como máximo, no escribiremos un correo por cada una.
mail-held-back-after = No se pierde nada: todo aparece en su cuenta, en «Actividad». Revísela ahora.
mail-held-back-action = Ver qué ha pasado
mail-factors-reset-subject = Se han restablecido sus métodos de verificación en { $pool }
mail-factors-reset-lead = El equipo de administración ha eliminado todos los métodos de verificación de { $account }.
mail-factors-reset-after = Su contraseña no ha cambiado y sus sesiones se han cerrado. Inicie sesión y vuelva a configurar la verificación en dos pasos.
mail-mfa-disabled-subject = Se ha desactivado la verificación en dos pasos de su cuenta de { $pool }
mail-mfa-disabled-lead = Se ha desactivado la verificación en dos pasos de { $account }.
mail-mfa-disabled-after = A partir de ahora basta con la contraseña para iniciar sesión.
mail-password-reset-done-subject = Se ha restablecido su contraseña de { $pool }
mail-password-reset-done-lead = Se ha restablecido la contraseña de { $account } con un enlace que habíamos enviado a esta dirección.
mail-password-reset-done-after = Se han cerrado todas las sesiones. La verificación en dos pasos no ha cambiado.

## Passkeys and security keys

factor-passkey-sign-in = Iniciar sesión con una llave de acceso
factor-passkey = Llave de acceso
factor-passkey-description = Su huella digital, su rostro o el bloqueo de su dispositivo
factor-passkey-enrol-title = Crear una llave de acceso
factor-passkey-enrol-text = Su dispositivo o un administrador de contraseñas la guarda y la desbloquea con su huella digital, su rostro o un PIN. A partir de entonces podrá iniciar sesión sin contraseña, y solo funciona en este sitio.
factor-passkey-verify-text = Pulse el botón y desbloquee su llave de acceso igual que desbloquea su dispositivo.
factor-passkey-wrong = No se ha aceptado esa llave de acceso. Vuelva a intentarlo o use otro método.
factor-security-key = Llave de seguridad
factor-security-key-description = Una llave que se conecta o se acerca a su dispositivo
factor-security-key-enrol-title = Añadir una llave de seguridad
factor-security-key-enrol-text = Tenga su llave a mano. Su navegador le indicará cuándo conectarla y tocarla.
factor-security-key-verify-text = Tenga su llave a mano, pulse el botón y toque la llave cuando parpadee.
factor-security-key-wrong = No se ha aceptado esa llave de seguridad. Vuelva a intentarlo o use otro método.
webauthn-noscript = Para esto se necesita JavaScript. Actívelo y recargue la página, o use otro método.
webauthn-waiting = Su navegador espera su respuesta. Busque su ventana.
webauthn-denied = La operación se ha cancelado o ha tardado demasiado. Vuelva a intentarlo.
webauthn-denied-passkey = La operación se ha cancelado o ha tardado demasiado, o este dispositivo no puede comprobar su huella digital, su rostro o su PIN, algo que una llave de acceso necesita. Vuelva a intentarlo o use otro método, por ejemplo, una llave de seguridad.
webauthn-known = Esta llave ya está configurada. Use otra.
webauthn-unsupported = Este navegador no lo permite. Use otro navegador u otro método.
webauthn-insecure = Su navegador solo lo permite con una conexión segura a la dirección correcta. Compruebe la dirección o use otro método.
webauthn-failed = No ha funcionado. Vuelva a intentarlo o use otro método.

## Codes by mail, clocks that are off, and a single recovery code

factor-email = Código por correo electrónico
factor-email-description = Un código de seis dígitos que enviamos a su dirección
factor-email-enrol-title = Usar códigos por correo electrónico
factor-email-wrong = Ese código no es correcto o ya no es válido: sirve durante diez minutos, y solo el más reciente. Tras cinco intentos incorrectos, solicite uno nuevo.
email-enrol-text = Al iniciar sesión, enviaremos un código a su dirección de correo electrónico y se lo pediremos.
email-sent = Hemos enviado un código a { $address }. Es válido durante { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
}.
email-code = Código de seis dígitos del mensaje
email-hint = ¿No ha llegado nada? Mire también en la carpeta de correo no deseado.
email-resend = Enviar un código nuevo
factor-totp-drift-ahead = Ese código no coincide porque el reloj de su teléfono está adelantado aproximadamente { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
}. Ajuste el teléfono a la hora de la red y escriba el código que muestre.
factor-totp-drift-behind = Ese código no coincide porque el reloj de su teléfono está atrasado aproximadamente { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
}. Ajuste el teléfono a la hora de la red y escriba el código que muestre.
totp-get-android = { $app } para Android
totp-get-ios = { $app } para iOS
factor-recovery-enrol-title-one = Su código de recuperación
factor-recovery-reveal-title-one = Guarde su código de recuperación
recovery-enrol-text-one = Recibirá un código para cuando no tenga el teléfono a mano. Se muestra una sola vez, en la página siguiente.
codes-lead-one = Si pierde el teléfono, podrá entrar con este código. Sirve una sola vez.
codes-for-one = Código de recuperación para { $pool }, cuenta { $account }
codes-once-one = Este código permanece aquí hasta que continúe. Guárdelo con sus documentos importantes.
codes-filename-one = codigo-de-recuperacion.txt
factor-email-mail-subject = Su código para { $pool }
factor-email-mail-lead = Para iniciar sesión en { $pool }, escriba este código: { $code }
factor-email-mail-after = Es válido durante { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
} y sirve una sola vez. No se lo dé a nadie, ni siquiera a nosotros. Si no está iniciando sesión en este momento, alguien conoce su contraseña: cámbiela.

## The mail address

field-new-email = Dirección nueva
profile-email-change = Cambiar la dirección
profile-email-add = Añadir una dirección
profile-email-prove = Confirmar esta dirección
pending-title = Confirme su dirección
pending-lead = Si { $email } se puede usar aquí, le hemos enviado un código. Escríbalo; hasta entonces no cambia nada.
pending-hint = ¿No ha llegado nada en unos minutos? Mire en la carpeta de correo no deseado. A cada dirección solo se envían unos pocos mensajes por hora.
pending-code = Código de ocho cifras
pending-until = Válido hasta el
pending-submit = Confirmar la dirección
pending-cancel = Descartar esta dirección
address-title = Dirección de correo
address-lead = Enviamos un código a la dirección. Cuenta en cuanto haya escrito el código.
address-current = Su dirección actual
address-undo-hint = Su dirección actual recibirá un aviso y podrá deshacer el cambio durante una semana.
address-submit = Enviar el código
email_unchanged = Esa ya es su dirección y está verificada.
email_code_wrong = Ese código no es válido. Use el del último mensaje o pida uno nuevo.
email_in_use = Esa dirección pertenece a otra cuenta. Use otra.
email_proved = Su dirección está verificada.
address_set = { $username } tiene ahora la dirección { $email }. Se considera no verificada hasta que la confirme en su perfil.
done-address-restored = Se ha restablecido su dirección anterior
done-address-restored-detail = Se han cerrado todas las sesiones. Quien cambió la dirección quizá conozca su contraseña: elija una nueva ahora.
done-address-in-use = La dirección anterior pertenece ahora a otra cuenta
done-address-in-use-detail = Se han cerrado todas las sesiones y ya no se confía en la dirección nueva. Inicie sesión y añada una dirección suya, o pida ayuda.
next-new-password = Elegir una contraseña nueva
address-undo-title = ¿Deshacer el cambio?
address-undo-lead = { $email } volverá a ser la dirección de { $account }. Se cerrarán todas las sesiones, también la de quien cambió la dirección.
address-undo-submit = Deshacer el cambio
settings-address-title = Dar otra dirección a alguien
settings-address-lead = Para quien ha perdido su buzón. Asegúrese antes de que es esa persona. La dirección anterior recibirá un aviso y podrá deshacer el cambio. La nueva se considera no verificada hasta que se confirme en el perfil; hasta entonces no sirve para restablecer la contraseña.
settings-address-submit = Cambiar la dirección
mail-address-code-subject = Confirme su dirección para { $pool }
mail-address-code-lead = Alguien, probablemente usted, quiere usar esta dirección para una cuenta de { $pool }. Para confirmarlo, escriba este código en la página que lo pide: { $code }
mail-address-code-after = El código es válido durante { $minutes ->
    [one] un minuto
   *[other] { $minutes } minutos
} y sirve una sola vez. No se lo dé a nadie: nunca se lo pediremos. Si no ha sido usted, ignore este mensaje.
mail-address-in-use-subject = Su dirección ya se usa en { $pool }
mail-address-in-use-lead = Alguien quiere usar esta dirección para otra cuenta de { $pool }. Ya pertenece a { $account }, así que no se ha cambiado nada.
mail-address-in-use-after = Si ha sido usted, inicie sesión en { $account } o use otra dirección. Si no, ignore este mensaje. Su cuenta no ha cambiado.
mail-address-undo-subject = Se ha cambiado la dirección de su cuenta de { $pool }
mail-address-undo-lead = La cuenta { $account } tiene ahora otra dirección. Esta ya no se usa allí.
mail-address-undo-after = Si no ha sido usted, deshaga el cambio: se restablecerá su dirección y se cerrarán todas las sesiones. El enlace es válido durante { $days ->
    [one] un día
   *[other] { $days } días
} y sirve una sola vez. Hasta entonces, la dirección nueva no sirve para restablecer la contraseña.
mail-address-undo-action = Deshacer el cambio
mail-address-changed-subject = Se ha cambiado la dirección de una cuenta de { $pool }
mail-address-changed-lead = La cuenta { $account } tiene ahora otra dirección. Esta ya no se usa allí.
mail-address-changed-after = Los mensajes sobre la cuenta ya no llegarán aquí.

## Activity, a copy of one’s data, the end of an account

nav-activity = Actividad
nav-data = Sus datos
home-activity = Qué ha pasado en su cuenta
home-data = Descargar una copia o eliminar su cuenta
activity-title = Actividad
activity-lead = Lo que ha pasado en su cuenta; lo más reciente, primero.
activity-none = Nada todavía.
activity-newest = Lo más reciente
activity-older = Más antiguo
activity-pages = Páginas de la lista
activity-advice = ¿No reconoce algo? Cambie su contraseña y luego cierre las demás sesiones:
activity-by-administrator = por un administrador
activity-sign-in = Inicio de sesión
activity-sign-out = Cierre de sesión
activity-consent = Acceso permitido: { $client }
activity-consent-refused = Acceso no permitido: { $client }
activity-device-code-refused = Código de un dispositivo que no esperaba
activity-registered = Cuenta creada
activity-reset-asked = Se pidió un enlace para restablecer la contraseña
activity-password-reset = Contraseña restablecida por correo
activity-password-change = Contraseña cambiada
activity-password-change-refused = Contraseña no cambiada: la actual era incorrecta
activity-profile = Perfil cambiado
activity-address-asked = Se pidió un código para una dirección de correo
activity-address-changed = Dirección de correo verificada
activity-address-changed-refused = Código incorrecto para una dirección de correo
activity-address-restored = Cambio de dirección de correo deshecho
activity-data-exported = Copia de sus datos descargada
activity-application-revoked = Desconectada: { $client }
activity-session-revoked = Se cerró una sesión
activity-sessions-revoked = Se cerraron todas las demás sesiones
activity-browser-forgotten = Se olvidó un navegador recordado
activity-factor-enrolled = Método de verificación añadido
activity-factor-replaced = Método de verificación sustituido
activity-factor-renamed = Método de verificación renombrado
activity-factor-removed = Método de verificación eliminado
activity-factors-chosen = Segundo paso activado
activity-factors-disabled = Segundo paso desactivado
activity-codes-regenerated = Códigos de recuperación nuevos
activity-factors-reset = Se eliminaron todos los métodos de verificación
activity-user-created = Cuenta creada
activity-user-updated = Cuenta cambiada
activity-user-disabled = Cuenta desactivada
activity-user-enabled = Cuenta activada de nuevo
activity-password-set = Contraseña sustituida
activity-code-replayed = Se retiró el acceso de una aplicación: usó un código dos veces
activity-refresh-token-reused = Se retiró el acceso de una aplicación: usó un token dos veces
activity-token-revoked = Una aplicación devolvió su acceso
activity-password-refused = Contraseña incorrecta al iniciar sesión
activity-passwordless-refused = Llave de acceso incorrecta al iniciar sesión
activity-second-factor-refused = Respuesta incorrecta en el segundo paso
data-title = Sus datos
data-lead = Lo que se guarda aquí sobre usted, y cómo terminarlo.
data-export-title = Descargar una copia
data-export-lead = Un archivo en formato JSON con su perfil, sesiones, métodos de verificación, aplicaciones y la actividad reciente. No contiene contraseñas, claves ni códigos.
data-export-submit = Descargar
data-delete-title = Eliminar su cuenta
data-delete-lead = No se puede deshacer. Verá lo que se pierde antes de que ocurra nada.
data-delete-submit = Eliminar la cuenta
data-delete-off = Aquí las cuentas las eliminan las personas que las gestionan. Diríjase a ellas.
delete-title = ¿Eliminar su cuenta?
delete-lead = Esto se pierde de inmediato y para siempre:
delete-account = La cuenta { $username }, con su nombre, dirección y contraseña
delete-sessions = { $count ->
    [one] Esta sesión
   *[other] Las { $count } sesiones
}
delete-factors = Sus métodos de verificación y códigos de recuperación
delete-application = El acceso a { $client } y a todo lo que solo alcanza a través de ella
delete-kept = Por la seguridad del servicio se conserva el registro de lo ocurrido, con su nombre de usuario y las direcciones IP. Lo que las aplicaciones guarden sobre usted depende de ellas.
delete-type = Para confirmar, escriba { $username }
delete-submit = Eliminar mi cuenta
delete_mistyped = Ese no es su nombre de usuario. No se ha eliminado nada.
delete_last_admin = Es la única persona que puede gestionar este sitio. Añada antes a otro administrador.
done-deleted = Su cuenta se ha eliminado
done-deleted-detail = Se han cerrado todas sus sesiones. Puede cerrar esta ventana.
mail-deleted-subject = Se ha eliminado su cuenta de { $pool }
mail-deleted-lead = Se ha eliminado la cuenta { $account }, a petición de una persona que tenía la sesión iniciada y volvió a identificarse.
mail-deleted-after = Todo su contenido ha desaparecido. Si no ha sido usted, pida ayuda: el registro de lo ocurrido se conserva.
