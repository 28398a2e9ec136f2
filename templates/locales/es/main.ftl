# Spanish texts of the pages and mails: “usted”, words that serve Spain and Latin America alike, no gender for the reader.

## Everywhere

ui-skip = Ir al contenido
ui-demo-label = Acerca de este sitio
ui-demo = Demostración. Use solo las cuentas de ejemplo; no escriba una contraseña real.
ui-help = Obtener ayuda
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
login-forgot = ¿Olvidó su contraseña?
login-no-account = ¿Aún no tiene cuenta?
login-register = Crear una cuenta

factor-title = Confirme su identidad
factor-submit = Continuar
factor-others = Usar otro método
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
codes-once = Estos códigos no volverán a mostrarse. Guárdelos con sus documentos importantes.
codes-copy = Copiar
codes-download = Descargar
codes-print = Imprimir
codes-filename = codigos-de-recuperacion.txt

reason-policy-required = { $pool } pide a todo el mundo un segundo paso.
reason-app-requires = { $client } pide un segundo paso.
reason-enrolled = Ha activado la verificación en dos pasos en su cuenta.
reason-fresh = Ha pasado un tiempo desde la última vez que confirmó su identidad.
reason-recovered = Ha entrado con un código de recuperación. Para continuar, vuelva a configurar un método de verificación: el que perdió dejará de funcionar.

consent-title = ¿Permitir el acceso?
consent-lead = { $client } quiere usar su cuenta de { $pool }.
consent-scopes = Esta aplicación podrá
consent-allow = Permitir
consent-deny = No permitir
consent-host = Continuará en
consent-revoke = Puede retirar este permiso en cualquier momento desde su cuenta.

scope-openid = Saber quién es usted
scope-openid-description = Un identificador estable y cómo inició sesión
scope-profile = Ver su perfil
scope-profile-description = Nombre, nombre de usuario e idioma
scope-email = Ver su dirección de correo electrónico
scope-email-description = La dirección y si está verificada
scope-phone = Ver su número de teléfono
scope-phone-description = El número y si está verificado
scope-address = Ver su dirección postal
scope-address-description = La dirección que figura en su perfil
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
mail-sent-hint = ¿No ha llegado nada en unos minutos? Mire en la carpeta de correo no deseado y vuelva a intentarlo.
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
next-sign-in = Iniciar sesión
next-account = Ir a su cuenta

## Signing out

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
security-remove = Eliminar
security-remove-named = Eliminar { $label }
security-codes-left = { $left ->
    [0] No le queda ninguno de los { $total } códigos.
    [one] Le queda uno de los { $total } códigos.
   *[other] Le quedan { $left } de los { $total } códigos.
}
security-codes-low = Genere códigos nuevos ahora para no perder el acceso a su cuenta.
security-regenerate = Generar códigos nuevos
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
policy-off = Aquí no se pide la verificación en dos pasos.
policy-optional = Aquí la verificación en dos pasos es opcional.
policy-required = Aquí la verificación en dos pasos es obligatoria, por lo que no se puede eliminar el último método.
acr-1fa = Inicio de sesión en un paso
acr-mfa = Inicio de sesión en dos pasos
acr-phr = Inicio de sesión con llave de acceso
acr-phrh = Inicio de sesión con llave de seguridad

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
factor-totp-wrong = Ese código no es válido o ya se ha usado. Espere al siguiente y escríbalo.
factor-recovery-wrong = Ese código de recuperación no es válido o ya se ha usado. Pruebe con otro.
code_malformed = Escriba el código exactamente como se muestra.
factor_disabled = Este método se ha desactivado tras demasiados códigos incorrectos. Use otro.
factor_unavailable = Este método no está disponible. Use otro.
flow_expired = Este inicio de sesión tardó demasiado o se completó en otro lugar. Vuelva a la aplicación y empiece de nuevo.
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
link_invalid_or_used = Este enlace ha caducado o ya se ha usado. Solicite uno nuevo.
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
mail-code-used-subject = Se ha usado un código de recuperación en { $pool }
mail-code-used-lead = Alguien ha iniciado sesión en la cuenta { $account } con un código de recuperación.
mail-code-used-after = { $left ->
    [0] No queda ningún código.
    [one] Queda un código.
   *[other] Quedan { $left } códigos.
}
mail-codes-low-subject = Le quedan pocos códigos de recuperación en { $pool }
mail-codes-low-lead = { $left ->
    [0] No le queda ningún código de recuperación.
    [one] Le queda un código de recuperación.
   *[other] Le quedan { $left } códigos de recuperación.
}
mail-codes-low-after = Genere códigos nuevos en la página Seguridad de su cuenta.
mail-codes-regenerated-subject = Códigos de recuperación nuevos para { $pool }
mail-codes-regenerated-lead = Se han generado códigos de recuperación nuevos para { $account }.
mail-codes-regenerated-after = Los códigos anteriores ya no funcionan.
