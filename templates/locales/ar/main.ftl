# Modern Standard Arabic, right to left; sentences open with an Arabic word so that names in Latin script don’t turn the line.
# {"\u200E"}, a left-to-right mark, keeps the digits of the date behind a label in order.

## Everywhere

ui-skip = الانتقال إلى المحتوى
ui-demo-label = حول هذا الموقع
ui-demo = موقع تجريبي. استخدم الحسابات التجريبية فقط، ولا تُدخل كلمة مرور حقيقية.
ui-help = الحصول على مساعدة
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
login-forgot = هل نسيت كلمة المرور؟
login-no-account = ليس لديك حساب بعد؟
login-register = إنشاء حساب

factor-title = تأكيد هويتك
factor-submit = متابعة
factor-others = استخدام طريقة أخرى
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
reveal-next = لقد حفظتها
factor-recovery-reveal-title = حفظ رموز الاسترداد
codes-lead = إذا فقدت هاتفك، يمكنك تسجيل الدخول بأحد هذه الرموز. كل رمز صالح لمرة واحدة.
codes-for = رموز الاسترداد لدى { $pool }، الحساب { $account }
codes-once = لا تظهر هذه الرموز إلا الآن. احتفظ بها مع أوراقك المهمة.
codes-copy = نسخ
codes-download = تنزيل
codes-print = طباعة
codes-filename = recovery-codes.txt

reason-policy-required = خطوة التحقق الثانية إلزامية لجميع المستخدمين لدى { $pool }.
reason-app-requires = يتطلب تطبيق { $client } خطوة تحقق ثانية.
reason-enrolled = لقد فعّلت خطوة تحقق ثانية لحسابك.
reason-fresh = مضى بعض الوقت منذ آخر تأكيد لهويتك.
reason-recovered = سجّلت الدخول برمز استرداد. للمتابعة، أعِد إعداد تطبيق المصادقة، وسيتوقف العمل بالتطبيق الذي فقدته.

consent-title = هل تسمح بالوصول؟
consent-lead = يطلب تطبيق { $client } استخدام حسابك لدى { $pool }.
consent-scopes = سيتمكن التطبيق من
consent-allow = السماح
consent-deny = عدم السماح
consent-host = ستنتقل إلى
consent-revoke = يمكنك سحب هذا الإذن في أي وقت من حسابك.

scope-openid = معرفة هويتك
scope-openid-description = معرّف ثابت، وطريقة تسجيل دخولك
scope-profile = الاطّلاع على ملفك الشخصي
scope-profile-description = الاسم واسم المستخدم واللغة
scope-email = الاطّلاع على عنوان بريدك الإلكتروني
scope-email-description = العنوان، وهل تم تأكيده
scope-phone = الاطّلاع على رقم هاتفك
scope-phone-description = الرقم، وهل تم تأكيده
scope-address = الاطّلاع على عنوانك البريدي
scope-address-description = العنوان المذكور في ملفك الشخصي
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
mail-sent-hint = لم يصلك شيء بعد بضع دقائق؟ ابحث في مجلد الرسائل غير المرغوب فيها، ثم حاول مرة أخرى.
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
next-sign-in = تسجيل الدخول
next-account = الانتقال إلى حسابك

## Signing out

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
security-remove = حذف
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
security-regenerate = إنشاء رموز جديدة
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
policy-off = لا تُطلب خطوة تحقق ثانية هنا.
policy-optional = خطوة التحقق الثانية اختيارية هنا.
policy-required = خطوة التحقق الثانية إلزامية هنا، لذا لا يمكن حذف آخر خطوة.
acr-1fa = تم تسجيل الدخول بخطوة واحدة
acr-mfa = تم تسجيل الدخول بخطوتين
acr-phr = تم تسجيل الدخول بمفتاح مرور
acr-phrh = تم تسجيل الدخول بمفتاح أمان

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
factor-totp-wrong = هذا الرمز غير صالح أو سبق استخدامه. انتظر الرمز التالي ثم أدخله.
factor-recovery-wrong = رمز الاسترداد هذا غير صالح أو سبق استخدامه. جرّب رمزًا آخر.
code_malformed = أدخل الرمز كما يظهر تمامًا.
factor_disabled = عُطّلت هذه الطريقة بعد إدخال رموز خاطئة كثيرة. استخدم طريقة أخرى.
factor_unavailable = هذه الطريقة غير متاحة. استخدم طريقة أخرى.
flow_expired = استغرق تسجيل الدخول وقتًا طويلًا أو اكتمل في مكان آخر. عُد إلى التطبيق وابدأ من جديد.
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
link_invalid_or_used = انتهت صلاحية هذا الرابط أو سبق استخدامه. اطلب رابطًا جديدًا.
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
mail-code-used-subject = تم استخدام رمز استرداد لدى { $pool }
mail-code-used-lead = تم تسجيل الدخول إلى الحساب { $account } برمز استرداد.
mail-code-used-after = { $left ->
    [zero] لم يبقَ أي رمز.
    [one] بقي رمز واحد.
    [two] بقي رمزان.
    [few] بقيت { $left } رموز.
    [many] بقي { $left } رمزًا.
   *[other] بقي { $left } رمز.
}
mail-codes-low-subject = رموز الاسترداد لدى { $pool } توشك على النفاد
mail-codes-low-lead = { $left ->
    [zero] لم يبقَ لديك أي رمز استرداد.
    [one] بقي لديك رمز استرداد واحد.
    [two] بقي لديك رمزا استرداد.
    [few] بقيت لديك { $left } رموز استرداد.
    [many] بقي لديك { $left } رمز استرداد.
   *[other] بقي لديك { $left } رمز استرداد.
}
mail-codes-low-after = أنشئ رموزًا جديدة من صفحة الأمان في حسابك.
mail-codes-regenerated-subject = رموز استرداد جديدة لدى { $pool }
mail-codes-regenerated-lead = تم إنشاء رموز استرداد جديدة للحساب { $account }.
mail-codes-regenerated-after = لم تعد الرموز القديمة صالحة.
