# Modern Standard Arabic, right to left; sentences open with an Arabic word so that names in Latin script don’t turn the line.
# {"\u200E"}, a left-to-right mark, keeps the digits of the date behind a label in order.

## Everywhere

ui-skip = الانتقال إلى المحتوى
ui-demo-label = حول هذا الموقع
ui-demo = موقع تجريبي. استخدم الحسابات التجريبية فقط، ولا تُدخل كلمة مرور حقيقية.
ui-help = الحصول على مساعدة
ui-language-switch = تغيير اللغة
ui-error-prefix = خطأ:
ui-show = إظهار
ui-hide = إخفاء
ui-show-password = إظهار كلمة المرور
ui-hide-password = إخفاء كلمة المرور
ui-copy = نسخ
ui-copied = تم النسخ
ui-cancel = إلغاء
ui-save = حفظ
ui-switch-account = ليس حسابك؟ استخدم حسابًا آخر
ui-back-to-login = العودة إلى تسجيل الدخول
ui-sign-out = تسجيل الخروج

nav-label = حسابك
nav-profile = الملف الشخصي
nav-password = كلمة المرور
nav-security = الأمان
nav-sessions = الجلسات
nav-apps = التطبيقات المرتبطة

field-username = اسم المستخدم
field-username-hint = حروف وأرقام ونقاط وشرطات وشرطات سفلية. تستخدمه لتسجيل الدخول.
field-identifier = اسم المستخدم أو البريد الإلكتروني
field-password = كلمة المرور
field-current-password = كلمة المرور الحالية
field-new-password = كلمة المرور الجديدة
field-password-hint = { $min ->
    [one] حرف واحد
    [two] حرفان
    [few] { $min } أحرف
    [many] { $min } حرفًا
   *[other] { $min } حرف
} على الأقل. من الأفضل الجمع بين بضع كلمات لا رابط بينها.
field-email = البريد الإلكتروني
field-name = الاسم المعروض
field-name-hint = اختياري. قد تعرضه التطبيقات التي تربطها بحسابك.
field-locale = اللغة

## Sign-in

login-title = تسجيل الدخول
login-to-client = للمتابعة إلى { $client }
login-submit = تسجيل الدخول
login-again-title = تأكيد كلمة المرور
login-again-submit = تأكيد
login-forgot = هل نسيت كلمة المرور؟
login-no-account = ليس لديك حساب بعد؟
login-register = إنشاء حساب

factor-title = تأكيد هويتك
factor-submit = متابعة
factor-others = فقدت هاتفك أو تعذّر ذلك؟ استخدم طريقة أخرى
factor-lost = فقدت هاتفك؟ يمكن للقائمين على هذا الموقع مساعدتك على الدخول.
factor-totp = تطبيق المصادقة
factor-totp-description = رمز من ستة أرقام من تطبيق على هاتفك
factor-totp-enrol-title = إعداد تطبيق المصادقة
factor-recovery = رموز الاسترداد
factor-recovery-description = رمز احتفظت به لاستخدامه عندما لا يكون هاتفك في متناول يدك
factor-recovery-enrol-title = رموز الاسترداد الخاصة بك
factor-label = اسم هذا الجهاز
factor-label-hint = لتتعرّف عليه لاحقًا، مثل «هاتف العمل».

totp-code = رمز من ستة أرقام
totp-verify-hint = افتح تطبيق المصادقة وأدخل الرمز الظاهر فيه.
totp-enrol-hint = أدخل الرمز الظاهر الآن في تطبيقك.
totp-step-app = تجهيز تطبيق مصادقة
totp-step-app-text = يصلح أي تطبيق يعرض رموزًا من ستة أرقام.
totp-no-app = ليس لديّ تطبيق بعد
totp-step-scan = إضافة هذا الحساب إلى التطبيق
totp-qr-name = رمز QR يضيف { $issuer }، الحساب { $account }، إلى تطبيق مصادقة
totp-scan-text = امسح هذا الرمز بالتطبيق. هل تقرأ هذه الصفحة على هاتفك؟ افتح التطبيق مباشرةً.
totp-open-app = الفتح في تطبيق المصادقة
totp-manual = تعذّر المسح؟ أدخل البيانات يدويًا
totp-keep = احتفظ بالحساب والمفتاح في مكان آمن، فبهما يمكنك إعداد هاتف آخر.
totp-issuer = جهة الإصدار
totp-account = الحساب
totp-secret = المفتاح
totp-kind = النوع
totp-kind-value = يعتمد على الوقت، 6 أرقام، كل 30 ثانية
totp-step-code = التأكد من عمل التطبيق

recovery-code = رمز الاسترداد
recovery-enrol-text = ستحصل على { $count ->
    [one] رمز واحد
    [two] رمزين
    [few] { $count } رموز
    [many] { $count } رمزًا
   *[other] { $count } رمز
} للاستخدام عندما لا يكون هاتفك في متناول يدك. يتم العرض مرة واحدة فقط، في الصفحة التالية.
recovery-enrol-replaced = { $replaced ->
    [one] سيتوقف العمل بالرمز الوحيد الذي لم تستخدمه.
    [two] سيتوقف العمل بالرمزين اللذين لم تستخدمهما.
   *[other] سيتوقف العمل برموزك غير المستخدمة، وعددها { $replaced }.
}
recovery-verify-hint = كل رمز صالح لمرة واحدة. لا فرق بين الحروف الكبيرة والصغيرة، ولا أثر للشرطات والمسافات.

enrol-title = إعداد خطوة تحقق ثانية
enrol-forced = يمكنك المتابعة فور الانتهاء من ذلك.
enrol-submit = التأكيد والمتابعة
enrol-choice-title = اختيار خطوة تحقق ثانية
enrol-choice-lead = تمنع دخول الآخرين إلى حسابك حتى لو عرفوا كلمة مرورك.

reveal-title = احفظها الآن
reveal-next = انتهيت من الحفظ
factor-recovery-reveal-title = حفظ رموز الاسترداد
codes-lead = إذا فقدت هاتفك، يمكنك تسجيل الدخول بأحد هذه الرموز. كل رمز صالح لمرة واحدة.
codes-for = رموز الاسترداد لدى { $pool }، الحساب { $account }
codes-once = تبقى هذه الرموز هنا حتى تتابع. احتفظ بها مع أوراقك المهمة.
codes-copy = نسخ
codes-download = تنزيل
codes-print = طباعة
codes-filename = recovery-codes.txt

reason-policy-required = خطوة التحقق الثانية إلزامية لجميع المستخدمين لدى { $pool }.
reason-policy-yours = يطلب { $pool } منك خطوة تحقق ثانية.
reason-app-requires = يتطلب تطبيق { $client } خطوة تحقق ثانية.
reason-enrolled = تم إعداد خطوة تحقق ثانية لحسابك.
reason-fresh = لإجراء ذلك، أكّد هويتك مرة أخرى.
reason-recovered = سجّلت الدخول برمز استرداد. للمتابعة، أعِد إعداد تطبيق المصادقة، وسيتوقف العمل بالتطبيق الذي فقدته.

consent-title = هل تسمح بالوصول؟
consent-lead = يطلب تطبيق { $client } استخدام حسابك لدى { $pool }.
consent-scopes = سيتمكن التطبيق من
consent-allow = السماح
consent-deny = عدم السماح
consent-host = ستنتقل إلى
consent-described = يصف هذا التطبيق نفسه على الموقع:
consent-described-untrusted = لا أحد هنا يعرف هذا التطبيق. لا تسمح له إلا إذا كنت تثق بالموقع الذي يصفه:
consent-registered = سجّل هذا التطبيق نفسه بنفسه ولم يتحقق أحد من اسمه. لا تسمح له إلا إذا كنت تعرف عنوانه:
consent-revoke = يمكنك سحب هذا الإذن في أي وقت من حسابك.

device-title = توصيل جهاز
device-lead = اكتب الرمز الذي يعرضه الجهاز.
device-lead-compare = هل يعرض الجهاز هذا الرمز نفسه تمامًا؟ لا تتابع إلا إذا كان كذلك.
device-code-field = الرمز
device-code-hint = ثمانية أحرف، مثل WDJB-MJHT
device-fine = هل أرسل إليك أحد هذا الرمز أو أملاه عليك بالهاتف؟ لا تتابع إذن: سيدخل ذلك الشخص إلى حسابك.
device-code-wrong = لا يوجد جهاز ينتظر بهذا الرمز، أو لم يعد ينتظر. انظر إلى الجهاز مرة أخرى، أو اجعله يعرض رمزًا جديدًا.
device-consent-title = هل تسمح بدخول هذا الجهاز؟
device-consent-lead = يطلب تطبيق { $client } على جهاز آخر استخدام حسابك لدى { $pool }.
device-warning = لا تسمح بذلك إلا إذا بدأته بنفسك للتو وكان الجهاز الذي أمامك يعرض هذا الرمز.
device-code-shown = الرمز على الجهاز
device-asked = وقت الطلب ومصدره
device-allowed = تم توصيل الجهاز
device-allowed-detail = سيتابع { $client } على الجهاز بعد لحظات. يمكنك إغلاق هذه النافذة.
device-denied = لم يُسمح بدخول الجهاز
device-denied-detail = لن يحصل { $client } على شيء من حسابك. يمكنك إغلاق هذه النافذة.

scope-openid = معرفة هويتك
scope-openid-description = معرّف ثابت، وطريقة تسجيل دخولك
scope-profile = الاطّلاع على ملفك الشخصي
scope-profile-description = الاسم واسم المستخدم واللغة وما يذكره ملفك الشخصي عنك
scope-email = الاطّلاع على عنوان بريدك الإلكتروني
scope-email-description = العنوان، وهل تم تأكيده
scope-groups = معرفة مجموعاتك
scope-groups-description = أسماء المجموعات التي تنتمي إليها هنا
scope-address = الاطّلاع على عنوانك البريدي
scope-address-description = الشارع والرمز البريدي والمدينة والمنطقة والبلد، بقدر ما يتضمنه ملفك الشخصي
scope-phone = الاطّلاع على رقم هاتفك
scope-phone-description = الرقم وما إذا كان مؤكَّدًا
scope-roles = الاطّلاع على أدوارك
scope-roles-description = أسماء الأدوار التي منحك إياها المسؤولون
scope-own = تتم مشاركة: { $names }
scope-api = استخدام { $api } نيابةً عنك
scope-offline_access = البقاء على اتصال
scope-offline_access-description = الاحتفاظ بهذا الوصول أثناء غيابك

## Account by mail

register-title = إنشاء حساب
register-lead = سنرسل إليك رابطًا للبدء.
register-submit = إرسال الرابط
register-have-account = لديك حساب بالفعل؟
register-complete-title = إكمال إعداد حسابك
register-complete-lead = تم تأكيد العنوان { $email }.
register-complete-submit = إنشاء الحساب
mail-sent-title = راجع بريدك الإلكتروني
mail-sent-register = إذا كان استخدام هذا العنوان ممكنًا هنا، فستصلك رسالة بالخطوة التالية.
mail-sent-reset = إذا كان هناك حساب مطابق، فستصلك رسالة تتضمن رابطًا.
mail-sent-hint = لم يصلك شيء بعد بضع دقائق؟ ابحث في مجلد الرسائل غير المرغوب فيها، ثم حاول مرة أخرى. لا تُرسل إلى العنوان الواحد إلا بضع رسائل في الساعة.
reset-title = إعادة تعيين كلمة المرور
reset-lead = أخبرنا من أنت، وسنرسل رابطًا إلى عنوان البريد الإلكتروني المسجّل في حسابك.
reset-submit = إرسال الرابط
reset-form-title = اختيار كلمة مرور جديدة
reset-form-submit = تعيين كلمة المرور
reset-form-note = سيتم إنهاء جميع جلساتك الأخرى، وتبقى خطوة التحقق الثانية كما هي.
done-reset = تم تغيير كلمة المرور
done-reset-detail = سجّل الدخول بكلمة مرورك الجديدة.
done-registered = مرحبًا بك
done-registered-detail = حسابك جاهز.
done-cancelled = تم إلغاء تسجيل الدخول
done-cancelled-detail = لم يتغير شيء. يمكنك إغلاق هذه النافذة.
done-recovered = تم تسجيل دخولك
done-recovered-advice = إذا فقدت جهازك، فاحذفه الآن وأضف جهازًا آخر، إذ يظل قادرًا على فتح حسابك حتى ذلك الحين.
done-recovered-detail = استُخدم رمز الاسترداد ولم يعد صالحًا. إذا فقدت جهازك، فاحذفه وأضف جهازًا آخر.
done-recovered-left = استُخدم رمز الاسترداد ولم يعد صالحًا. { $left ->
    [zero] كان هذا آخر رمز لديك: أنشئ رموزًا جديدة من حسابك.
    [one] بقي رمز واحد: أنشئ رموزًا جديدة من حسابك.
    [two] بقي رمزان.
    [few] بقيت { $left } رموز.
    [many] بقي { $left } رمزًا.
   *[other] بقي { $left } رمز.
}
codes-shown = سبق عرض رموز الاسترداد
codes-shown-detail = لا تظهر الرموز إلا مرة واحدة. إذا لم تحفظها، فأنشئ رموزًا جديدة من صفحة الأمان في حسابك.
proved_fresh = شكرًا لك. يمكنك تغيير طرق التحقق خلال الدقائق القليلة القادمة.
next-continue = متابعة
next-security = الانتقال إلى صفحة الأمان
next-replace = استبدال جهاز مفقود
next-sign-in = تسجيل الدخول
next-account = الانتقال إلى حسابك

## Signing out

answer-title = العودة إلى التطبيق
answer-lead-client = يتواصل تسجيل الدخول في { $client }.
answer-lead = يتواصل تسجيل الدخول في التطبيق.

logout-title = هل تريد تسجيل الخروج؟
logout-lead = لقد سجّلت الدخول إلى { $pool }.
logout-lead-client = يطلب تطبيق { $client } تسجيل خروجك من { $pool }.
logout-confirm = تسجيل الخروج
logout-stay = البقاء في الحساب
signed-out-title = تم تسجيل الخروج
signed-out-lead = تم تسجيل خروجك من { $pool } في هذا المتصفح.
signed-out-back-client = العودة إلى { $client }

## User center

profile-title = الملف الشخصي
profile-lead = هكذا تظهر للتطبيقات التي تربطها بحسابك.
profile-verified = مؤكَّد
profile-unverified = غير مؤكَّد
profile-locale-auto = لغة المتصفح
profile-field-given_name = الاسم الأول
profile-field-middle_name = الاسم الأوسط
profile-field-family_name = اسم العائلة
profile-field-nickname = الكنية
profile-field-gender = الجنس
profile-field-birthdate = تاريخ الميلاد
profile-field-phone_number = رقم الهاتف
profile-field-street_address = الشارع ورقم المبنى
profile-field-postal_code = الرمز البريدي
profile-field-locality = المدينة
profile-field-region = الولاية أو المنطقة
profile-field-country = البلد
profile-field-zoneinfo = المنطقة الزمنية
profile-field-picture = الصورة
profile-field-profile = صفحة عنك
profile-field-website = الموقع الإلكتروني
profile-details = نبذة عنك
profile-details-lead = كل هذا اختياري. ولا يحصل التطبيق إلا على ما يطلبه.
profile-yes = نعم
profile-no = لا
profile-not-set = غير محدَّد
profile-hint-birthdate = 1990-12-31. من دون السنة: 0000-12-31. السنة وحدها: 1990.
profile-hint-phone_number = مع رمز البلد، مثل ‎+966 11 123 4567‎.
profile-hint-zoneinfo = مثل Asia/Riyadh.
profile-hint-picture = عنوان https لصورة.
profile-hint-page = عنوان صفحة يبدأ بـ https://
profile-hint-lines = قيمة واحدة في كل سطر.
password-title = كلمة المرور
password-lead = يؤدي تغيير كلمة المرور إلى إنهاء جميع جلساتك الأخرى.
password-submit = تغيير كلمة المرور
security-title = الأمان
security-active = تُطلب منك خطوة تحقق ثانية عند تسجيل الدخول.
security-inactive = حسابك محمي بكلمة المرور وحدها. تمنع خطوة التحقق الثانية دخول الآخرين.
security-factors = خطوات التحقق الثانية
security-none = لم يتم إعداد أي خطوة بعد.
security-add = إضافة: { $factor }
security-added = تاريخ الإضافة:{"\u200E"}
security-used = آخر استخدام:{"\u200E"}
security-never-used = لم يُستخدم بعد
security-disabled = معطّل
security-disabled-text = أُدخلت رموز خاطئة كثيرة. احذف هذه الطريقة وأعِد إعدادها.
security-manage = إعادة التسمية أو الحذف
security-rename = إعادة التسمية
security-remove-named = حذف { $label }
security-codes-left = { $left ->
    [zero] لم يبقَ أي رمز من أصل { $total }.
    [one] بقي رمز واحد من أصل { $total }.
    [two] بقي رمزان من أصل { $total }.
    [few] بقيت { $left } رموز من أصل { $total }.
    [many] بقي { $left } رمزًا من أصل { $total }.
   *[other] بقي { $left } رمز من أصل { $total }.
}
security-codes-low = أنشئ رموزًا جديدة الآن كي لا تفقد الوصول إلى حسابك.
security-regenerate-hint = سيتوقف العمل برموزك القديمة على الفور.
sessions-title = الجلسات
sessions-lead = الأماكن التي سجّلت الدخول منها. أنهِ أي جلسة لا تتعرّف عليها، ثم غيّر كلمة مرورك.
sessions-current = هذه الجلسة
sessions-started = وقت تسجيل الدخول:{"\u200E"}
sessions-seen = آخر نشاط:{"\u200E"}
sessions-revoke = إنهاء
sessions-revoke-named = إنهاء الجلسة: { $device }
sessions-revoke-others = إنهاء جميع الجلسات الأخرى
apps-title = التطبيقات المرتبطة
apps-lead = التطبيقات التي سمحت لها باستخدام حسابك.
apps-none = لا يملك أي تطبيق حق الوصول.
apps-may-see = الأذونات:
apps-granted = تاريخ السماح:{"\u200E"}
apps-used = آخر استخدام:{"\u200E"}
apps-revoke = إلغاء الربط
apps-revoke-named = إلغاء ربط { $client }
policy-off = خطوة التحقق الثانية غير متاحة هنا.
policy-off-asked = لا تُتاح هنا خطوات تحقق ثانية جديدة، وستظل خطوتك الحالية مطلوبة منك.
policy-optional = خطوة التحقق الثانية اختيارية هنا، ما لم يطلبها أحد التطبيقات.
policy-announced = يمكنك تأجيل خطوة التحقق الثانية الآن، وبعد ذلك تصبح إلزامية لك.
policy-required = خطوة التحقق الثانية إلزامية هنا، لذا لا يمكن حذف آخر خطوة.
acr-1fa = تم تسجيل الدخول بخطوة واحدة
acr-mfa = تم تسجيل الدخول بخطوتين
acr-phr = تم تسجيل الدخول بمفتاح مرور أو مفتاح أمان
acr-phrh = تم تسجيل الدخول بمفتاح لا يمكن نسخه

## What went wrong and what to do

credentials_wrong = اسم المستخدم أو كلمة المرور غير صحيحة. راجعهما وحاول مرة أخرى.
throttled = محاولات كثيرة جدًا. حاول مرة أخرى بعد { $minutes ->
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $minutes } دقائق
   *[other] { $minutes } دقيقة
}.
throttled_seconds = محاولات كثيرة جدًا. حاول مرة أخرى بعد { $seconds ->
    [one] ثانية واحدة
    [two] ثانيتين
    [few] { $seconds } ثوانٍ
   *[other] { $seconds } ثانية
}.
code_wrong = هذا الرمز غير صالح أو سبق استخدامه. انتظر الرمز التالي ثم أدخله.
code_refused = لم يُقبل هذا الرمز.
factor-totp-wrong = هذا الرمز غير صالح أو سبق استخدامه. انتظر الرمز التالي ثم أدخله.
factor-recovery-wrong = رمز الاسترداد هذا غير صالح أو سبق استخدامه. جرّب رمزًا آخر.
code_malformed = أدخل الرمز كما يظهر تمامًا.
factor_disabled = عُطّلت هذه الطريقة بعد إدخال رموز خاطئة كثيرة. استخدم طريقة أخرى.
factor_unavailable = هذه الطريقة غير متاحة. استخدم طريقة أخرى.
flow_expired = استغرق تسجيل الدخول وقتًا طويلًا أو اكتمل في مكان آخر. إذا أحالك تطبيق إلى هنا فعُد إليه، أو ابدأ من جديد هنا.
ceremony_expired = استغرق ذلك وقتًا طويلًا. يمكنك البدء من جديد هنا.
form_expired = بقيت هذه الصفحة مفتوحة لفترة طويلة، أو أنها تخص جلسة أخرى. ارجع وأعِد تحميلها ثم حاول مرة أخرى.
field_missing = املأ جميع الحقول.
sign_in_again = يُرجى تسجيل الدخول مرة أخرى للمتابعة.
sign_in_fresh = يطلب منك التطبيق تسجيل الدخول مرة أخرى.
account_locked = لا يمكن استخدام هذا الحساب حاليًا. يُرجى طلب المساعدة.
password_too_short = استخدم لكلمة المرور { $min ->
    [one] حرفًا واحدًا
    [two] حرفين
    [few] { $min } أحرف
    [many] { $min } حرفًا
   *[other] { $min } حرف
} على الأقل.
password_too_long = كلمة المرور هذه طويلة جدًا. استخدم كلمة مرور أقصر.
password_common = كلمة المرور هذه معروفة من تسريبات بيانات أو يسهل تخمينها. اختر كلمة مرور أخرى.
password_contains_identity = يجب ألا تحتوي كلمة المرور على اسمك أو عنوانك أو اسم هذا الموقع.
password_current_wrong = هذه ليست كلمة مرورك الحالية.
password_unchanged = هذه كلمة مرورك الحالية. اختر كلمة مرور أخرى.
username_taken = اسم المستخدم هذا غير متاح. اختر اسمًا آخر.
username_invalid = استخدم لاسم المستخدم 64 حرفًا على الأكثر، من الحروف والأرقام والنقاط والشرطات والشرطات السفلية.
email_invalid = أدخل عنوان بريد إلكتروني كاملًا، مثل name@example.org.
name_invalid = استخدم اسمًا أقصر من دون رموز خاصة.
label_invalid = اختر اسمًا قصيرًا للجهاز.
locale_invalid = اختر إحدى اللغات الواردة في القائمة.
profile_field_invalid = راجع الحقل المحدَّد: لا يمكن حفظ قيمته بهذا الشكل.
link_invalid_or_used = انتهت صلاحية هذا الرابط أو سبق استخدامه. اطلب رابطًا جديدًا.
link_used_up = محاولات كثيرة جدًا بهذا الرابط. اطلب رابطًا جديدًا.
gone = لم يعد هذا العنصر موجودًا. أعِد تحميل الصفحة لعرض ما هو موجود.
factor_required = خطوة التحقق الثانية إلزامية هنا. أضف خطوة أخرى قبل حذف هذه.
profile_saved = تم حفظ الملف الشخصي.
password_changed = تم تغيير كلمة المرور وإنهاء جلساتك الأخرى.
factor_added = تمت إضافة خطوة التحقق الثانية.
factor_removed = تم حذف خطوة التحقق الثانية.
factor_renamed = تم تغيير الاسم.
codes_regenerated = لديك رموز استرداد جديدة. لم تعد الرموز القديمة صالحة.
session_revoked = تم إنهاء الجلسة.
sessions_revoked = تم إنهاء جميع الجلسات الأخرى.
app_revoked = تم إلغاء ربط التطبيق.
codes_low = { $left ->
    [zero] لم يبقَ لديك أي رمز استرداد. أنشئ رموزًا جديدة الآن.
    [one] بقي لديك رمز استرداد واحد. أنشئ رموزًا جديدة الآن.
    [two] بقي لديك رمزا استرداد. أنشئ رموزًا جديدة الآن.
    [few] بقيت لديك { $left } رموز استرداد. أنشئ رموزًا جديدة الآن.
    [many] بقي لديك { $left } رمز استرداد. أنشئ رموزًا جديدة الآن.
   *[other] بقي لديك { $left } رمز استرداد. أنشئ رموزًا جديدة الآن.
}

title-cannot-continue = تتعذّر المتابعة
title-not-found = لا يوجد شيء هنا
title-too-many = يُرجى التمهّل قليلًا
title-our-fault = حدث خلل من جانبنا
title-link = لم يعد هذا الرابط صالحًا
error-back = الانتقال إلى حسابك
error-code = رمز الخطأ
error-request-id = رقم الطلب
unknown_host = لا توجد خدمة تسجيل دخول على هذا العنوان. راجع العنوان في المتصفح.
not_found = راجع العنوان، أو عُد إلى التطبيق الذي أتيت منه.
method_not_allowed = لا يقبل هذا العنوان هذا النوع من الطلبات.
too_large = حجم البيانات المرسلة كبير جدًا.
timeout = استغرق ذلك وقتًا طويلًا. حاول مرة أخرى.
malformed_request = تعذّرت قراءة البيانات المرسلة. ارجع وحاول مرة أخرى.
unsupported_media_type = لا يقبل هذا العنوان سوى النماذج.
internal_error = ليس هذا خطأ منك، ولم يتغير شيء. حاول مرة أخرى بعد قليل، وإذا تكرر ذلك فأخبرنا برقم الطلب.
unavailable = الخدمة مشغولة أو قيد الصيانة. حاول مرة أخرى بعد قليل.
forbidden = لا يُسمح لحسابك بتنفيذ هذا الإجراء.
cross_site = جاء هذا الطلب من موقع آخر، لذا لم ننفّذ أي إجراء.
feature_off = هذه الخدمة غير متاحة هنا.
client_unknown = التطبيق الذي أحالك إلى هنا غير معروف لدينا. أبلغ مطوّره بذلك.
redirect_uri_invalid = طلب التطبيق إحالتك إلى عنوان غير مسجّل له. حرصًا على سلامتك، توقفنا هنا. أبلغ مطوّره بذلك.
error-arrived-client = التطبيق الذي أرسل الطلب (client_id)
error-arrived-address = العنوان الوارد
error-advice-register = لمطوّر التطبيق: إذا كان هذا العنوان صحيحًا، فسجّل هذا النص كما هو حرفًا بحرف. العناوين المسجّلة حاليًا مدوّنة في سجل هذا الخادم عند رقم الطلب أدناه.
error-advice-unfit = لمطوّر التطبيق: لا يمكن تسجيل هذا العنوان أيضًا. استخدم عنوانًا مسموحًا به، وسجّله، وأرسل النص نفسه تمامًا.
error-advice-client = لمطوّر التطبيق: أرسل معرّف client_id المسجّل هنا، أو اطلب تسجيل هذا المعرّف. التفاصيل مدوّنة في سجل هذا الخادم عند رقم الطلب أدناه.
error-advice-request = لمطوّر التطبيق: يوضّح سطر «رمز الخطأ» موضع الخطأ. التفاصيل مدوّنة في سجل هذا الخادم عند رقم الطلب أدناه.
authorize_request_invalid = أرسل التطبيق طلب تسجيل دخول لا يمكن الرد عليه. لم ترتكب أي خطأ. أبلغ مطوّره بذلك.
signout_unreadable = أرسل التطبيق طلب تسجيل خروج تتعذر قراءته. لم يتغير شيء، ولم ترتكب أي خطأ. أبلغ مطوّره بذلك.
signout_no_application = يريد التطبيق إحالتك إلى عنوان بعد تسجيل الخروج، لكنه لا يذكر أي تطبيق هو. لم يتغير شيء، ولم ترتكب أي خطأ. أبلغ مطوّره بذلك.
signout_other_application = يذكر طلب تسجيل الخروج تطبيقًا ويحمل رمز تطبيق آخر. لم يتغير شيء، ولم ترتكب أي خطأ. أبلغ مطوّر التطبيق بذلك.
signout_address = طلب التطبيق إحالتك بعد تسجيل الخروج إلى عنوان غير مسجّل له. حرصًا على سلامتك، توقفنا هنا، ولم يتغير شيء. أبلغ مطوّره بذلك.
next-sign-out = تسجيل الخروج من هنا
next-start-again = البدء من جديد

## Second steps: how they stand, and changing them

nav-home = نظرة عامة
nav-settings = الإعدادات
home-title = نظرة عامة
home-greeting = مرحبًا، { $name }
home-links = حسابك
home-profile = اسمك ولغتك
home-password = تغيير كلمة المرور
home-security = خطوات التحقق الثانية ورموز الاسترداد
home-sessions = الأماكن التي سجّلت الدخول منها
home-apps = التطبيقات التي يمكنها استخدام حسابك
home-settings = قواعد للجميع، ومساعدة لمن تعذّر عليه الدخول

mfa-card-title = خطوة التحقق الثانية عند تسجيل الدخول
mfa-card-on = مفعّلة: تُطلب منك عند تسجيل الدخول.
mfa-card-off = غير مفعّلة: حسابك محمي بكلمة المرور وحدها.
mfa-card-required = مفعّلة، وهي إلزامية هنا.
mfa-card-count = { $count ->
    [one] تم إعداد طريقة واحدة.
    [two] تم إعداد طريقتين.
    [few] تم إعداد { $count } طرق.
   *[other] تم إعداد { $count } طريقة.
}
mfa-locked = لا يمكن تعطيل خطوة التحقق الثانية هنا.
mfa-locked-warning = بعد تفعيل خطوة التحقق الثانية، لن يمكنك تعطيلها.
mfa-enable = إعداد خطوة تحقق ثانية
mfa-manage = إدارة خطوات التحقق الثانية
mfa-replace = إعداد طريقة جديدة بدلًا من الحالية
security-replace = استبدال: { $factor }
enrol-replaces = فور تأكيد هذه الطريقة، ستحل محل طريقتك الحالية.
mfa-disable = تعطيل
mfa-regenerate = إنشاء رموز جديدة
mfa-remove = حذف
mfa-enabled = خطوة التحقق الثانية مفعّلة.
mfa-disabled = تم تعطيل خطوة التحقق الثانية. من الآن فصاعدًا تكفي كلمة المرور وحدها.
mfa-experimental = تجريبي
mfa-experimental-text = لا تزال خطوات التحقق الثانية قيد التجربة هنا.
mfa-experimental-help = هل واجهت مشكلة؟ راسلنا على
credential-synced = تتم مزامنته بين أجهزتك
credential-syncable = على هذا الجهاز فقط، ويمكن أن يتوفر أيضًا على أجهزتك الأخرى
credential-device-bound = يبقى على الجهاز الذي أُنشئ عليه
credential-key-bound = يبقى على المفتاح نفسه

confirm-now = حاليًا
confirm-items = يشمل ذلك
confirm-enable-title = هل تريد إعداد خطوة تحقق ثانية؟
confirm-enable-detail = بعد ذلك لن تكفي معرفة كلمة مرورك للدخول. يستغرق الإعداد دقيقة أو دقيقتين.
confirm-disable-title = هل تريد تعطيل خطوة التحقق الثانية؟
confirm-disable-detail = سيتم حذف جميع طرق التحقق ورموز الاسترداد. لاستخدام خطوة تحقق ثانية مجددًا، عليك إعدادها من جديد.
confirm-remove-title = هل تريد حذف هذه الطريقة؟
confirm-remove-detail = لن يعود من الممكن استخدام هذه الطريقة لتسجيل الدخول، وسيتم إتلاف بياناتها السرية.
confirm-regenerate-title = هل تريد إنشاء رموز استرداد جديدة؟
confirm-regenerate-detail = سيتوقف العمل بجميع رموزك القديمة على الفور. لا تظهر الرموز الجديدة إلا مرة واحدة.
confirm-whom = هذا يخصّ { $username }.
confirm-last-warning = هذه آخر طريقة لديك. بعد ذلك تكفي كلمة المرور وحدها للدخول.

enrol-skip = ليس الآن
enrol-skip-left = { $left ->
    [one] يمكنك تأجيل ذلك مرة واحدة أخرى.
    [two] يمكنك تأجيل ذلك مرتين أخريين.
    [few] يمكنك تأجيل ذلك { $left } مرات أخرى.
   *[other] يمكنك تأجيل ذلك { $left } مرة أخرى.
}
enrol-skip-from = إلزامية اعتبارًا من:{"\u200E"}
done-enrolled = تم إعداد خطوة التحقق الثانية
done-enrolled-detail = من الآن فصاعدًا ستُطلب منك عند تسجيل الدخول.
ui-reference = المرجع:
remember-device = عدم السؤال مجددًا في هذا المتصفح لمدة { $days ->
    [one] يوم واحد
    [two] يومين
    [few] { $days } أيام
    [many] { $days } يومًا
   *[other] { $days } يوم
}
remember-device-hint = لا تختر هذا على جهاز مشترك.
devices-title = المتصفحات المحفوظة
devices-lead = لن تُطلب خطوة التحقق الثانية مجددًا في هذه المتصفحات حتى الوقت المبيّن.
devices-created = محفوظ منذ:{"\u200E"}
devices-used = آخر استخدام:{"\u200E"}
devices-expires = صالح حتى:{"\u200E"}
devices-forget = نسيان
devices-forget-named = نسيان { $device }
device_forgotten = تم نسيان المتصفح. ستُطلب خطوة التحقق الثانية فيه مجددًا.

reason-requested = يطلب تطبيق { $client } خطوة تحقق ثانية هذه المرة.
reason-suggested = ينصحك { $pool } بإعداد خطوة تحقق ثانية.
error-mfa-locked = خطوة التحقق الثانية إلزامية هنا ولا يمكن تعطيلها.
error-not-allowed-here = هذه الصفحة متاحة للمشرفين على هذا الموقع فقط.
error-would-lock-out = { $count ->
    [one] لن يتمكن مستخدم واحد من الدخول بعد ذلك: { $names }. اسمح بطريقة متوفرة لديه، أو أتِح له إعداد طريقة أولًا.
    [two] لن يتمكن مستخدمان من الدخول بعد ذلك: { $names }. اسمح بطريقة متوفرة لديهما، أو أتِح لهما إعداد طريقة أولًا.
    [few] لن يتمكن { $count } مستخدمين من الدخول بعد ذلك، منهم { $names }. اسمح بطريقة متوفرة لديهم، أو أتِح لهم إعداد طريقة أولًا.
    [many] لن يتمكن { $count } مستخدمًا من الدخول بعد ذلك، منهم { $names }. اسمح بطريقة متوفرة لديهم، أو أتِح لهم إعداد طريقة أولًا.
   *[other] لن يتمكن { $count } مستخدم من الدخول بعد ذلك، منهم { $names }. اسمح بطريقة متوفرة لديهم، أو أتِح لهم إعداد طريقة أولًا.
}
error-would-lock-out-admin = لن يتمكن أحد من تغيير هذه الإعدادات بعد ذلك، إذ لن يعود بإمكان { $names } الدخول. أضف مشرفًا آخر أولًا.
error-nothing-changed = سيؤدي ذلك إلى منع مستخدمين من الدخول، لذا لم يتم تغيير شيء.
error-factor-model-refused = هذا الطراز من المفاتيح غير مسموح به هنا. استخدم مفتاحًا آخر، أو اطلب المساعدة.
error-factor-unverified = يتطلب مفتاح المرور جهازًا يتحقق من بصمة إصبعك أو وجهك أو رقم PIN، ولم يفعل هذا الجهاز ذلك. استخدم جهازًا آخر، أو أضفه بوصفه مفتاح أمان.
error-mail-limit = أُرسلت إليك عدة رموز بالفعل. استخدم أحدثها، أو حاول مرة أخرى بعد { $minutes ->
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $minutes } دقائق
   *[other] { $minutes } دقيقة
}.
error-skips-used = لم يعد من الممكن تأجيل ذلك. يُرجى إعداد خطوة تحقق ثانية للمتابعة.
error-trace-unknown = لا يوجد شيء بهذا المرجع هنا. انسخه مرة أخرى من الصفحة التي يظهر فيها.
error-user-unknown = لا يوجد مستخدم بهذا الاسم. راجع كتابته.

## Settings for admins

settings-title = الإعدادات
settings-lead = للمشرفين على { $pool }.
settings-mfa-toggle = خطوة تحقق ثانية للجميع
settings-mfa-off = غير متاحة هنا حاليًا.
settings-mfa-optional = الأمر متروك حاليًا لكل مستخدم.
settings-mfa-required = إلزامية للجميع.
settings-will-enrol = { $count ->
    [zero] لقد أعدّها الجميع بالفعل.
    [one] سيُطلب من مستخدم واحد إعدادها عند تسجيل الدخول التالي.
    [two] سيُطلب من مستخدمَين إعدادها عند تسجيل الدخول التالي.
    [few] سيُطلب من { $count } مستخدمين إعدادها عند تسجيل الدخول التالي.
    [many] سيُطلب من { $count } مستخدمًا إعدادها عند تسجيل الدخول التالي.
   *[other] سيُطلب من { $count } مستخدم إعدادها عند تسجيل الدخول التالي.
}
settings-would-enrol = { $count ->
    [zero] لقد أعدّها الجميع بالفعل، فلن يلاحظ أحد أي فرق.
    [one] إذا جعلتها إلزامية، فسيُطلب من مستخدم واحد إعدادها عند تسجيل الدخول التالي.
    [two] إذا جعلتها إلزامية، فسيُطلب من مستخدمَين إعدادها عند تسجيل الدخول التالي.
    [few] إذا جعلتها إلزامية، فسيُطلب من { $count } مستخدمين إعدادها عند تسجيل الدخول التالي.
    [many] إذا جعلتها إلزامية، فسيُطلب من { $count } مستخدمًا إعدادها عند تسجيل الدخول التالي.
   *[other] إذا جعلتها إلزامية، فسيُطلب من { $count } مستخدم إعدادها عند تسجيل الدخول التالي.
}
settings-require = جعلها إلزامية للجميع
settings-relax = ترك الأمر لكل مستخدم
settings-relax-hint = من أعدّها باختياره ستظل تُطلب منه.
settings-reset-title = إعادة تعيين خطوات التحقق الثانية لأحد المستخدمين
settings-reset-lead = لمن فقد هاتفه ورموز الاسترداد. تأكد أولًا من هويته. سيتم حذف جميع طرق التحقق لديه وإنهاء جلساته، وستصله رسالة بذلك. تبقى كلمة مروره كما هي، ولا يمكنك تسجيل الدخول باسمه.
settings-reset-submit = إعادة تعيين خطوات التحقق الثانية
settings-explain-title = تفسير طلب التحقق
settings-explain-lead = هل يتساءل أحد المستخدمين عن سبب طلب التحقق منه؟ يظهر في صفحته مرجع: الصقه هنا.
settings-explain-trace = المرجع
settings-explain-submit = تفسير
settings-blocked = من لن يتمكن من الدخول
settings_saved = تم حفظ الإعدادات.
factors_reset = { $count ->
    [one] تم حذف طريقة تحقق واحدة للمستخدم { $username }.
    [two] تم حذف طريقتَي تحقق للمستخدم { $username }.
    [few] تم حذف { $count } طرق تحقق للمستخدم { $username }.
   *[other] تم حذف { $count } طريقة تحقق للمستخدم { $username }.
}
explain-when = الوقت
explain-user = المستخدم
explain-application = التطبيق
explain-no-application = مركز الحساب
explain-asked = المطلوب
explain-with = بواسطة
explain-rule = القرار بموجب
explain-rule-version = القاعدة { $rule }، الإصدار { $version }
explain-acr = المستوى اللازم
explain-reasons = الأسباب
explain-outcome = النتيجة
explain-asked-first = تسجيل الدخول
explain-asked-factor = خطوة تحقق ثانية
explain-asked-enrol = إعداد خطوة تحقق ثانية
explain-asked-suggest = إعداد خطوة تحقق ثانية، مع إمكانية تأجيله
explain-asked-nothing = لا شيء: لا يستطيع هذا المستخدم استيفاء المطلوب
explain-open = لا إجابة بعد
explain-passed = تم استيفاؤه
explain-failed = لم يتم استيفاؤه

## Mails

mail-when = الوقت:{"\u200E"}
mail-account = الحساب:
mail-not-you = إذا لم تكن أنت من فعل ذلك، فغيّر كلمة مرورك الآن وأنهِ جميع الجلسات الأخرى.
mail-help = هل لديك أسئلة؟ راسلنا على { $email }.
mail-verify-subject = تأكيد عنوان بريدك لدى { $pool }
mail-verify-lead = تلقّينا طلبًا، نأمل أن يكون منك، لإنشاء حساب لدى { $pool } بهذا العنوان.
mail-verify-after = الرابط صالح لمدة { $minutes ->
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $minutes } دقائق
   *[other] { $minutes } دقيقة
} ولمرة واحدة فقط. إذا لم يكن الطلب منك، فلا داعي لأي إجراء.
mail-verify-action = التأكيد والمتابعة
mail-registered-subject = لديك حساب بالفعل لدى { $pool }
mail-registered-lead = تلقّينا طلبًا، نأمل أن يكون منك، لإنشاء حساب لدى { $pool } بهذا العنوان. لديك حساب بالفعل: { $account }.
mail-registered-after = إذا لم يكن الطلب منك، فلا داعي لأي إجراء. لم يطرأ أي تغيير على حسابك.
mail-registered-action = تسجيل الدخول
mail-reset-subject = إعادة تعيين كلمة مرورك لدى { $pool }
mail-reset-lead = تلقّينا طلبًا، نأمل أن يكون منك، لإعادة تعيين كلمة مرور الحساب { $account } لدى { $pool }.
mail-reset-after = الرابط صالح لمدة { $minutes ->
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $minutes } دقائق
   *[other] { $minutes } دقيقة
} ولمرة واحدة فقط. إذا لم يكن الطلب منك، فلا داعي لأي إجراء. لم تتغير كلمة مرورك.
mail-reset-action = اختيار كلمة مرور جديدة
mail-password-changed-subject = تم تغيير كلمة مرورك لدى { $pool }
mail-password-changed-lead = تم تغيير كلمة مرور الحساب { $account }.
mail-password-changed-after = تم إنهاء جميع الجلسات الأخرى.
mail-factor-added-subject = تمت إضافة خطوة تحقق ثانية إلى حسابك لدى { $pool }
mail-factor-added-lead = الطريقة المضافة: { $factor } «{ $label }».
mail-factor-added-after = يمكن استخدام هذه الطريقة لتسجيل الدخول من الآن فصاعدًا.
mail-factor-removed-subject = تم حذف خطوة تحقق ثانية من حسابك لدى { $pool }
mail-factor-removed-lead = الطريقة المحذوفة: { $factor } «{ $label }».
mail-factor-removed-after = لم يعد من الممكن استخدام هذه الطريقة لتسجيل الدخول.
mail-factor-disabled-subject = تم تعطيل خطوة تحقق ثانية لدى { $pool }
mail-factor-disabled-lead = الطريقة المعطّلة بعد إدخال رموز خاطئة كثيرة: { $factor } «{ $label }».
mail-factor-disabled-after = من يجرّب الرموز يعرف كلمة المرور عادةً. إذا كنت أنت من جرّبها، فاحذف هذه الطريقة وأعِد إعدادها.
mail-password-disabled-subject = أُوقفت كلمة مرورك في { $pool }
mail-password-disabled-lead = جرّب شخص ما كلمات مرور خاطئة كثيرة جدًا للحساب { $account }. لم يعد بإمكان أحد تسجيل الدخول باسم { $account } بكلمة مرور في المتصفحات الجديدة على حسابك.
mail-password-disabled-after = لا تزال تعمل حيث سبق لك تسجيل الدخول. لاستخدامها في كل مكان من جديد، عيّن كلمة مرور جديدة.
mail-wrong-codes-subject = إجابات خاطئة في حسابك في { $pool }
mail-wrong-codes-lead = أدخل شخص ما كلمة المرور الصحيحة للحساب { $account } ثم إجابات خاطئة كثيرة جدًا: { $factor }.
mail-wrong-codes-after = لم يتمكن من الدخول. إذا لم تكن أنت، فهناك من يعرف كلمة مرورك: غيّرها.
factor-recovery-used-subject = تم استخدام رمز استرداد لدى { $pool }
factor-recovery-used-lead = تم تسجيل الدخول إلى الحساب { $account } برمز استرداد.
factor-recovery-used-after = { $left ->
    [zero] لم يبقَ أي رمز.
    [one] بقي رمز واحد.
    [two] بقي رمزان.
    [few] بقيت { $left } رموز.
    [many] بقي { $left } رمزًا.
   *[other] بقي { $left } رمز.
}
factor-recovery-low-subject = رموز الاسترداد لدى { $pool } توشك على النفاد
factor-recovery-low-lead = { $left ->
    [zero] لم يبقَ لديك أي رمز استرداد.
    [one] بقي لديك رمز استرداد واحد.
    [two] بقي لديك رمزا استرداد.
    [few] بقيت لديك { $left } رموز استرداد.
    [many] بقي لديك { $left } رمز استرداد.
   *[other] بقي لديك { $left } رمز استرداد.
}
factor-recovery-low-after = أنشئ رموزًا جديدة من صفحة الأمان في حسابك.
mail-codes-regenerated-subject = رموز استرداد جديدة لدى { $pool }
mail-codes-regenerated-lead = تم إنشاء رموز استرداد جديدة للحساب { $account }.
mail-codes-regenerated-after = لم تعد الرموز القديمة صالحة.
mail-new-device-subject = تسجيل دخول جديد لدى { $pool }
mail-new-device-lead = { $known ->
    [0] تم تسجيل الدخول إلى الحساب { $account } من متصفح لم نره من قبل: { $device }.
   *[other] تم تسجيل الدخول إلى الحساب { $account } من متصفح لم نره من قبل: { $device }، المكان: { $place }.
}
mail-new-device-after = إذا كنت أنت من فعل ذلك، فلا داعي لأي إجراء.
mail-held-back-subject = يوقف { $pool } مؤقتًا رسائل أخرى بشأن حسابك
mail-held-back-lead = حدث الكثير في الحساب { $account }، لذلك لن نرسل رسالة عن كل أمر على حدة لمدة تصل إلى ساعة.
mail-held-back-after = لا يضيع شيء: كل ما حدث مدرج في حسابك ضمن «النشاط». راجعه الآن.
mail-held-back-action = عرض ما حدث
mail-factors-reset-subject = تمت إعادة تعيين خطوات التحقق الثانية لدى { $pool }
mail-factors-reset-lead = حذف أحد المشرفين جميع خطوات التحقق الثانية للحساب { $account }.
mail-factors-reset-after = لم تتغير كلمة مرورك، وتم إنهاء جلساتك. سجّل الدخول وأعِد إعداد خطوة تحقق ثانية.
mail-mfa-disabled-subject = تم تعطيل خطوة التحقق الثانية لدى { $pool }
mail-mfa-disabled-lead = تم تعطيل خطوة التحقق الثانية للحساب { $account }.
mail-mfa-disabled-after = من الآن فصاعدًا تكفي كلمة المرور لتسجيل الدخول.
mail-password-reset-done-subject = تمت إعادة تعيين كلمة مرورك لدى { $pool }
mail-password-reset-done-lead = تم تعيين كلمة مرور جديدة للحساب { $account } عبر رابط أرسلناه إلى هذا العنوان.
mail-password-reset-done-after = تم إنهاء جميع الجلسات. لم تتغير خطوة التحقق الثانية.

## Passkeys and security keys

factor-passkey-sign-in = تسجيل الدخول بمفتاح مرور
factor-passkey = مفتاح المرور
factor-passkey-description = بصمة إصبعك أو وجهك أو قفل جهازك
factor-passkey-enrol-title = إنشاء مفتاح مرور
factor-passkey-enrol-text = يحفظ جهازك أو مدير كلمات المرور هذا المفتاح، وتفتحه ببصمة إصبعك أو وجهك أو رقم PIN. بعد ذلك تسجّل الدخول به من دون كلمة مرور، ولا يعمل إلا على هذا الموقع.
factor-passkey-verify-text = اضغط على الزر، ثم افتح مفتاح المرور بالطريقة التي تفتح بها قفل جهازك.
factor-passkey-wrong = لم يُقبل مفتاح المرور هذا. حاول مرة أخرى، أو استخدم طريقة أخرى.
factor-security-key = مفتاح الأمان
factor-security-key-description = مفتاح توصله بجهازك أو تقرّبه منه
factor-security-key-enrol-title = إضافة مفتاح أمان
factor-security-key-enrol-text = جهّز مفتاحك. سيخبرك المتصفح متى توصله وتلمسه.
factor-security-key-verify-text = جهّز مفتاحك، واضغط على الزر، ثم المس المفتاح عندما يومض.
factor-security-key-wrong = لم يُقبل مفتاح الأمان هذا. حاول مرة أخرى، أو استخدم طريقة أخرى.
webauthn-noscript = يتطلب ذلك JavaScript. فعّله وأعِد تحميل الصفحة، أو استخدم طريقة أخرى.
webauthn-waiting = يطلب منك المتصفح التأكيد الآن. ابحث عن نافذته.
webauthn-denied = أُلغي ذلك أو استغرق وقتًا طويلًا. حاول مرة أخرى.
webauthn-denied-passkey = أُلغي ذلك أو استغرق وقتًا طويلًا، أو لا يستطيع هذا الجهاز التحقق من بصمة إصبعك أو وجهك أو رقم PIN، وهو ما يتطلبه مفتاح المرور. حاول مرة أخرى، أو استخدم طريقة أخرى، مثل مفتاح الأمان.
webauthn-known = سبق إعداد هذا المفتاح. استخدم مفتاحًا آخر.
webauthn-unsupported = لا يدعم هذا المتصفح ذلك. استخدم متصفحًا آخر أو طريقة أخرى.
webauthn-insecure = لا يتيح المتصفح ذلك إلا عبر اتصال آمن بالعنوان الصحيح. راجع العنوان، أو استخدم طريقة أخرى.
webauthn-failed = لم ينجح ذلك. حاول مرة أخرى، أو استخدم طريقة أخرى.

## Codes by mail, clocks that are off, and a single recovery code

factor-email = رمز بالبريد الإلكتروني
factor-email-description = رمز من ستة أرقام نرسله إلى عنوانك
factor-email-enrol-title = استخدام رموز بالبريد الإلكتروني
factor-email-wrong = هذا الرمز غير صحيح أو لم يعد صالحًا. كل رمز صالح لعشر دقائق، ولا يُقبل إلا أحدث رمز. بعد خمس محاولات خاطئة، اطلب رمزًا جديدًا.
email-enrol-text = عند تسجيل الدخول، سنرسل رمزًا إلى عنوان بريدك الإلكتروني ونطلبه منك.
email-sent = أرسلنا رمزًا إلى { $address }. الرمز صالح لمدة { $minutes ->
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $minutes } دقائق
   *[other] { $minutes } دقيقة
}.
email-code = الرمز المكوّن من ستة أرقام في الرسالة
email-hint = لم يصلك شيء؟ ابحث أيضًا في مجلد الرسائل غير المرغوب فيها.
email-resend = إرسال رمز جديد
factor-totp-drift-ahead = هذا الرمز غير مطابق لأن ساعة هاتفك متقدمة بنحو { $minutes ->
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $minutes } دقائق
   *[other] { $minutes } دقيقة
}. اضبط الهاتف على وقت الشبكة، ثم أدخل الرمز الظاهر.
factor-totp-drift-behind = هذا الرمز غير مطابق لأن ساعة هاتفك متأخرة بنحو { $minutes ->
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $minutes } دقائق
   *[other] { $minutes } دقيقة
}. اضبط الهاتف على وقت الشبكة، ثم أدخل الرمز الظاهر.
totp-get-android = تطبيق { $app } لنظام Android
totp-get-ios = تطبيق { $app } لنظام iOS
factor-recovery-enrol-title-one = رمز الاسترداد الخاص بك
factor-recovery-reveal-title-one = حفظ رمز الاسترداد
recovery-enrol-text-one = ستحصل على رمز واحد للاستخدام عندما لا يكون هاتفك في متناول يدك. يتم عرضه مرة واحدة فقط، في الصفحة التالية.
codes-lead-one = إذا فقدت هاتفك، يمكنك تسجيل الدخول بهذا الرمز. الرمز صالح لمرة واحدة.
codes-for-one = رمز الاسترداد لدى { $pool }، الحساب { $account }
codes-once-one = يبقى هذا الرمز هنا حتى تتابع. احتفظ به مع أوراقك المهمة.
codes-filename-one = recovery-code.txt
factor-email-mail-subject = رمزك لدى { $pool }
factor-email-mail-lead = لتسجيل الدخول إلى { $pool }، أدخل هذا الرمز: { $code }
factor-email-mail-after = الرمز صالح لمدة { $minutes ->
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $minutes } دقائق
   *[other] { $minutes } دقيقة
} ولمرة واحدة فقط. لا تعطه لأحد، ولا حتى لنا. إذا لم تكن تسجّل الدخول الآن، فهناك من يعرف كلمة مرورك: غيّرها.

## The mail address

field-new-email = العنوان الجديد
profile-email-change = تغيير العنوان
profile-email-add = إضافة عنوان
profile-email-prove = تأكيد هذا العنوان
pending-title = تأكيد عنوانك
pending-lead = إذا كان استخدام { $email } ممكنًا هنا، فسيصل إليه رمز. اكتب الرمز هنا؛ وحتى ذلك الحين لن يتغير شيء.
pending-hint = لم يصل شيء بعد بضع دقائق؟ ابحث في مجلد البريد غير المرغوب فيه. لا يُرسل إلى العنوان الواحد إلا عدد قليل من الرسائل في الساعة.
pending-code = رمز من ثمانية أرقام
pending-until = صالح حتى
pending-submit = تأكيد العنوان
pending-cancel = تجاهل هذا العنوان
address-title = عنوان البريد الإلكتروني
address-lead = نرسل رمزًا إلى العنوان. ويُعتمد العنوان بمجرد كتابة الرمز.
address-current = عنوانك الحالي
address-undo-hint = سيُبلَّغ عنوانك الحالي بالتغيير، ويمكن التراجع عنه منه لمدة أسبوع.
address-submit = إرسال الرمز
email_unchanged = هذا هو عنوانك بالفعل، وهو مؤكَّد.
email_code_wrong = هذا الرمز غير صالح. استخدم الرمز الوارد في أحدث رسالة، أو اطلب رمزًا جديدًا.
email_in_use = هذا العنوان تابع لحساب آخر. استخدم عنوانًا غيره.
email_proved = تم تأكيد عنوانك.
address_set = أصبح عنوان { $username } هو { $email }. ويُعد غير مؤكَّد إلى أن يؤكده صاحبه في ملفه الشخصي.
done-address-restored = تمت استعادة عنوانك السابق
done-address-restored-detail = تم إنهاء جميع الجلسات. قد يكون من غيّر العنوان على علم بكلمة مرورك، فاختر كلمة مرور جديدة الآن.
done-address-in-use = أصبح العنوان السابق تابعًا لحساب آخر
done-address-in-use-detail = تم إنهاء جميع الجلسات، ولم يعد العنوان الجديد موثوقًا. سجّل الدخول وأضف عنوانًا لك، أو اطلب المساعدة.
next-new-password = اختيار كلمة مرور جديدة
address-undo-title = هل تريد التراجع عن التغيير؟
address-undo-lead = سيعود { $email } عنوانًا للحساب { $account }. وستنتهي جميع الجلسات، فيخرج من غيّر العنوان.
address-undo-submit = التراجع عن التغيير
settings-address-title = إعطاء مستخدم عنوانًا آخر
settings-address-lead = لمن فقد صندوق بريده. تأكد أولًا من هويته. سيُبلَّغ العنوان السابق ويمكن التراجع عن التغيير منه. ويُعد العنوان الجديد غير مؤكَّد إلى أن يؤكده صاحبه في ملفه الشخصي، فلا يمكن إعادة تعيين كلمة المرور به قبل ذلك.
settings-address-submit = تغيير العنوان
mail-address-code-subject = تأكيد عنوان بريدك لدى { $pool }
mail-address-code-lead = تلقّينا طلبًا، نأمل أن يكون منك، لاستخدام هذا العنوان لحساب لدى { $pool }. للتأكيد، اكتب هذا الرمز في الصفحة التي تطلبه: { $code }
mail-address-code-after = الرمز صالح لمدة { $minutes ->
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $minutes } دقائق
   *[other] { $minutes } دقيقة
} ولمرة واحدة فقط. لا تعطه لأحد، فلن نطلبه منك أبدًا. إذا لم يكن الطلب منك، فلا داعي لأي إجراء.
mail-address-in-use-subject = عنوانك مستخدم بالفعل لدى { $pool }
mail-address-in-use-lead = يريد أحدهم استخدام هذا العنوان لحساب آخر لدى { $pool }. وهو تابع للحساب { $account } بالفعل، لذا لم يتغير شيء.
mail-address-in-use-after = إذا كنت أنت من فعل ذلك، فسجّل الدخول إلى { $account } أو استخدم عنوانًا آخر. وإلا فلا داعي لأي إجراء. لم يتغير حسابك.
mail-address-undo-subject = تم تغيير عنوان حسابك لدى { $pool }
mail-address-undo-lead = أصبح للحساب { $account } عنوان آخر، ولم يعد هذا العنوان مستخدمًا فيه.
mail-address-undo-after = إذا لم تكن أنت من فعل ذلك، فتراجع عن التغيير: سيعود عنوانك وتنتهي جميع الجلسات. الرابط صالح لمدة { $days ->
    [one] يوم واحد
    [two] يومين
    [few] { $days } أيام
    [many] { $days } يومًا
   *[other] { $days } يوم
} ولمرة واحدة فقط. وحتى ذلك الحين لا يمكن إعادة تعيين كلمة المرور بالعنوان الجديد.
mail-address-undo-action = التراجع عن التغيير
mail-address-changed-subject = تم تغيير عنوان حساب لدى { $pool }
mail-address-changed-lead = أصبح للحساب { $account } عنوان آخر، ولم يعد هذا العنوان مستخدمًا فيه.
mail-address-changed-after = لن تصل الرسائل المتعلقة بالحساب إلى هنا بعد الآن.

## Activity, a copy of one’s data, the end of an account

nav-activity = النشاط
nav-data = بياناتك
home-activity = ما جرى في حسابك
home-data = تنزيل نسخة أو حذف حسابك
activity-title = النشاط
activity-lead = ما جرى في حسابك، والأحدث أولًا.
activity-none = لا شيء بعد.
activity-newest = الأحدث
activity-older = الأقدم
activity-pages = صفحات القائمة
activity-advice = هل ترى شيئًا لا تعرفه؟ غيّر كلمة مرورك، ثم أنهِ الجلسات الأخرى:
activity-by-administrator = من أحد المشرفين
activity-sign-in = تسجيل دخول
activity-sign-out = تسجيل خروج
activity-consent = تم السماح بالوصول: { $client }
activity-consent-refused = لم يُسمح بالوصول: { $client }
activity-device-code-refused = رمز جهاز لم يكن ينتظر
activity-registered = تم إنشاء الحساب
activity-reset-asked = طُلب رابط لإعادة تعيين كلمة المرور
activity-password-reset = أُعيد تعيين كلمة المرور عبر البريد
activity-password-change = تم تغيير كلمة المرور
activity-password-change-refused = لم تُغيَّر كلمة المرور: الحالية كانت خاطئة
activity-profile = تم تغيير الملف الشخصي
activity-address-asked = طُلب رمز لعنوان بريد إلكتروني
activity-address-changed = تم تأكيد عنوان البريد الإلكتروني
activity-address-changed-refused = رمز خاطئ لعنوان بريد إلكتروني
activity-address-restored = تم التراجع عن تغيير عنوان البريد
activity-data-exported = تم تنزيل نسخة من بياناتك
activity-application-revoked = تم قطع الاتصال: { $client }
activity-session-revoked = تم إنهاء جلسة
activity-sessions-revoked = تم إنهاء جميع الجلسات الأخرى
activity-browser-forgotten = نُسي متصفح محفوظ
activity-factor-enrolled = تمت إضافة خطوة تحقق ثانية
activity-factor-replaced = تم استبدال خطوة التحقق الثانية
activity-factor-renamed = تمت إعادة تسمية خطوة التحقق الثانية
activity-factor-removed = تم حذف خطوة تحقق ثانية
activity-factors-chosen = تم تفعيل خطوة التحقق الثانية
activity-factors-disabled = تم إيقاف خطوة التحقق الثانية
activity-codes-regenerated = تم إنشاء رموز استرداد جديدة
activity-factors-reset = تم حذف جميع خطوات التحقق الثانية
activity-user-created = تم إنشاء الحساب
activity-user-updated = تم تغيير الحساب
activity-user-disabled = تم تعطيل الحساب
activity-user-enabled = أُعيد تفعيل الحساب
activity-password-set = تم استبدال كلمة المرور
activity-code-replayed = انتهى وصول تطبيق: استخدم رمزًا مرتين
activity-refresh-token-reused = انتهى وصول تطبيق: استخدم رمز وصول مرتين
activity-token-revoked = أعاد أحد التطبيقات صلاحية وصوله
activity-password-refused = كلمة مرور خاطئة عند تسجيل الدخول
activity-passwordless-refused = مفتاح مرور غير صحيح عند تسجيل الدخول
activity-second-factor-refused = إجابة خاطئة في خطوة التحقق الثانية
data-title = بياناتك
data-lead = ما يُحفظ عنك هنا، وكيف تنهيه.
data-export-title = تنزيل نسخة
data-export-lead = ملف بتنسيق JSON يحتوي على ملفك الشخصي وجلساتك وطرق التحقق والتطبيقات وما جرى مؤخرًا. ولا يحتوي على كلمات مرور أو مفاتيح أو رموز.
data-export-submit = تنزيل
data-delete-title = حذف حسابك
data-delete-lead = لا يمكن التراجع عن ذلك. سترى ما سيُفقد قبل حدوث أي شيء.
data-delete-submit = حذف الحساب
data-delete-off = تُحذف الحسابات هنا من قِبل القائمين عليها. تواصل معهم.
delete-title = هل تريد حذف حسابك؟
delete-lead = سيُفقد ما يلي فورًا ونهائيًا:
delete-account = الحساب { $username } واسمه وعنوانه وكلمة مروره
delete-sessions = جميع الجلسات: { $count }
delete-factors = طرق التحقق الثانية ورموز الاسترداد
delete-application = الوصول إلى { $client } وكل ما لا تصل إليه إلا من خلاله
delete-kept = يُحتفظ لأمان الخدمة بسجل ما جرى، مع اسم المستخدم والعناوين التي جاء منها. أما ما تحتفظ به التطبيقات عنك فهو شأنها.
delete-type = للتأكيد، اكتب { $username }
delete-submit = حذف حسابي
delete_mistyped = هذا ليس اسم المستخدم الخاص بك. لم يُحذف شيء.
delete_last_admin = أنت الوحيد القادر على إدارة هذا الموقع. أضف مشرفًا آخر أولًا.
done-deleted = تم حذف حسابك
done-deleted-detail = تم تسجيل خروجك من كل مكان. يمكنك إغلاق هذه النافذة.
mail-deleted-subject = تم حذف حسابك لدى { $pool }
mail-deleted-lead = تم حذف الحساب { $account } بطلب من شخص مسجّل الدخول أثبت هويته مرة أخرى.
mail-deleted-after = حُذف كل ما فيه. إذا لم تكن أنت من فعل ذلك، فاطلب المساعدة: سجل ما جرى محفوظ.
