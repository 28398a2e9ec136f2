# Simplified Chinese: polite 您 throughout, a space between Chinese and inserted Latin names, full-width punctuation.

## Everywhere

ui-skip = 跳到主要内容
ui-demo-label = 关于本站
ui-demo = 演示站点。请仅使用示例账号，不要输入真实密码。
ui-help = 获取帮助
ui-language-switch = 切换语言
ui-error-prefix = 错误：
ui-show = 显示
ui-hide = 隐藏
ui-show-password = 显示密码
ui-hide-password = 隐藏密码
ui-copy = 复制
ui-copied = 已复制
ui-cancel = 取消
ui-save = 保存
ui-switch-account = 不是您？使用其他账号
ui-back-to-login = 返回登录
ui-sign-out = 退出登录

nav-label = 您的账号
nav-profile = 个人资料
nav-password = 密码
nav-security = 安全
nav-sessions = 会话
nav-apps = 已连接的应用

field-username = 用户名
field-username-hint = 可使用文字、数字、点、连字符和下划线。您将用它登录。
field-identifier = 用户名或邮箱地址
field-password = 密码
field-current-password = 当前密码
field-new-password = 新密码
field-password-hint = 至少 { $min } 个字符。建议使用几个互不相关的词语。
field-email = 邮箱地址
field-name = 显示名称
field-name-hint = 选填。您连接的应用可能会显示此名称。
field-locale = 语言

## Sign-in

login-title = 登录
login-to-client = 以继续使用“{ $client }”
login-submit = 登录
login-again-title = 确认您的密码
login-again-submit = 确认
login-forgot = 忘记密码？
login-no-account = 还没有账号？
login-register = 创建账号

factor-title = 确认是您本人
factor-submit = 继续
factor-others = 手机丢失或无法使用？改用其他方式
factor-lost = 手机丢失？本网站的管理人员可以帮助您登录。
factor-totp = 身份验证器应用
factor-totp-description = 手机应用中显示的 6 位验证码
factor-totp-enrol-title = 设置身份验证器应用
factor-recovery = 恢复码
factor-recovery-description = 事先保存的代码，供手机不在身边时使用
factor-recovery-enrol-title = 您的恢复码
factor-label = 此设备的名称
factor-label-hint = 便于日后辨认，例如“工作手机”。

totp-code = 6 位验证码
totp-verify-hint = 打开身份验证器应用，输入其中显示的验证码。
totp-enrol-hint = 请输入应用当前显示的验证码。
totp-step-app = 准备一个身份验证器应用
totp-step-app-text = 任何能显示 6 位验证码的应用均可。
totp-no-app = 我还没有这类应用
totp-step-scan = 在应用中添加此账号
totp-qr-name = 二维码：将 { $issuer } 账号 { $account } 添加到身份验证器应用
totp-scan-text = 请使用该应用扫描此二维码。正在手机上查看本页？可直接打开应用。
totp-open-app = 在身份验证器应用中打开
totp-manual = 无法扫描？手动输入
totp-keep = 请将账号和密钥保存在安全的地方。您可以用它们设置另一部手机。
totp-issuer = 发行方
totp-account = 账号
totp-secret = 密钥
totp-kind = 类型
totp-kind-value = 基于时间，6 位数字，每 30 秒更新
totp-step-code = 确认设置有效

recovery-code = 恢复码
recovery-enrol-text = 您将获得 { $count } 个恢复码，供手机不在身边时使用。恢复码只会在下一页显示一次。
recovery-enrol-replaced = 您尚未使用的 { $replaced } 个恢复码将失效。
recovery-verify-hint = 每个恢复码只能使用一次。连字符、空格和字母大小写均不影响验证。

enrol-title = 设置两步验证
enrol-forced = 完成设置后即可继续。
enrol-submit = 确认并继续
enrol-choice-title = 选择两步验证方式
enrol-choice-lead = 即使他人得知您的密码，也无法登录您的账号。

reveal-title = 请立即保存
reveal-next = 我已保存
factor-recovery-reveal-title = 保存您的恢复码
codes-lead = 如果手机丢失，您可以使用其中一个恢复码登录。每个恢复码只能使用一次。
codes-for = { $pool } 恢复码（账号：{ $account }）
codes-once = 在您继续之前，这些恢复码会一直显示在此处。请与重要文件一起妥善保管。
codes-copy = 复制
codes-download = 下载
codes-print = 打印
codes-filename = 恢复码.txt

reason-policy-required = { $pool } 要求所有用户使用两步验证。
reason-policy-yours = { $pool } 要求您使用两步验证。
reason-app-requires = “{ $client }”要求使用两步验证。
reason-enrolled = 您的账号已设置两步验证。
reason-fresh = 执行此操作前，请再次确认您的身份。
reason-recovered = 恢复码验证成功。要继续，请重新设置身份验证器应用，原先丢失的验证方式将随之失效。

consent-title = 允许访问？
consent-lead = “{ $client }”想要使用您的 { $pool } 账号。
consent-scopes = 该应用将可以
consent-allow = 允许
consent-deny = 不允许
consent-host = 您将前往：
consent-described = 此应用的自述信息位于：
consent-described-untrusted = 这里没有人了解此应用。仅当您信任描述它的以下网站时才允许：
consent-registered = 此应用是自行注册的，其名称未经任何人核实。仅当您认识以下地址时才允许：
consent-revoke = 您可以随时在账号中撤销此授权。

device-title = 连接设备
device-lead = 请输入设备上显示的代码。
device-lead-compare = 设备上显示的代码与此完全一致吗？仅在一致时继续。
device-code-field = 代码
device-code-hint = 八个字母，例如 WDJB-MJHT
device-fine = 这个代码是别人发给您或在电话中告诉您的吗？请不要继续：对方会因此进入您的账号。
device-code-wrong = 没有设备在等待此代码，或已不再等待。请再看一下设备，或让它显示新的代码。
device-consent-title = 允许此设备进入？
device-consent-lead = 另一台设备上的“{ $client }”想要使用您的 { $pool } 账号。
device-warning = 仅当这是您本人刚刚发起、且您面前的设备显示此代码时才允许。
device-code-shown = 设备上的代码
device-asked = 请求
device-allowed = 设备已连接
device-allowed-detail = “{ $client }”很快会在设备上继续。您可以关闭此窗口。
device-denied = 未允许该设备
device-denied-detail = “{ $client }”不会从您的账号获得任何内容。您可以关闭此窗口。

scope-openid = 识别您的身份
scope-openid-description = 固定的标识符，以及您的登录方式
scope-profile = 查看您的个人资料
scope-profile-description = 显示名称、用户名、语言，以及个人资料中的信息
scope-email = 查看您的邮箱地址
scope-email-description = 邮箱地址，以及是否已验证
scope-groups = 查看您所属的组
scope-groups-description = 您在此处所属组的名称
scope-address = 查看您的邮寄地址
scope-address-description = 个人资料中填写的街道、邮政编码、城市、地区和国家
scope-phone = 查看您的电话号码
scope-phone-description = 电话号码以及是否已验证
scope-roles = 查看您的角色
scope-roles-description = 管理员授予您的角色的名称
scope-own = 共享：{ $names }
scope-api = 代表您使用 { $api }
scope-offline_access = 保持连接
scope-offline_access-description = 在您离开后仍保留此访问权限

## Account by mail

register-title = 创建账号
register-lead = 我们会向您发送一个链接，用于开始注册。
register-submit = 发送链接
register-have-account = 已有账号？
register-complete-title = 完成账号创建
register-complete-lead = { $email } 已验证。
register-complete-submit = 创建账号
mail-sent-title = 请查收邮件
mail-sent-register = 如果该邮箱地址可在此使用，您将很快收到一封邮件，告知后续步骤。
mail-sent-reset = 如果存在对应的账号，您将很快收到一封包含链接的邮件。
mail-sent-hint = 几分钟后仍未收到？请检查垃圾邮件文件夹，然后重试。每个地址每小时只会收到几封邮件。
reset-title = 重置密码
reset-lead = 请输入用户名或邮箱地址，我们会将链接发送到您账号的邮箱。
reset-submit = 发送链接
reset-form-title = 设置新密码
reset-form-submit = 设置密码
reset-form-note = 您的其他会话都将退出登录，两步验证保持不变。
done-reset = 密码已更改
done-reset-detail = 请使用新密码登录。
done-registered = 欢迎
done-registered-detail = 您的账号已准备就绪。
done-cancelled = 已取消登录
done-cancelled-detail = 未作任何更改。您可以关闭此窗口。
done-recovered = 您已登录
done-recovered-advice = 如果设备已丢失，请立即将其移除并设置另一台：在此之前，它仍可用于登录您的账号。
done-recovered-detail = 您的恢复码已使用，不再有效。如果设备已丢失，请将其移除，然后设置另一台设备。
done-recovered-left = 您的恢复码已使用，不再有效。{ $left ->
    [0] 这是最后一个，请在您的账号中生成新的恢复码。
    [1] 仅剩 1 个，请在您的账号中生成新的恢复码。
   *[other] 还剩 { $left } 个。
}
codes-shown = 您的恢复码已显示过
codes-shown-detail = 恢复码只显示一次。如果您没有保存，请在账号的“安全”页面生成新的恢复码。
proved_fresh = 谢谢。接下来的几分钟内，您可以更改验证方式。
next-continue = 继续
next-security = 前往“安全”页面
next-replace = 更换丢失的设备
next-sign-in = 登录
next-account = 前往您的账号

## Signing out

answer-title = 返回应用
answer-lead-client = 登录将在 { $client } 继续。
answer-lead = 登录将在应用中继续。

logout-title = 退出登录？
logout-lead = 您已登录 { $pool }。
logout-lead-client = “{ $client }”请求让您退出 { $pool }。
logout-confirm = 退出登录
logout-stay = 保持登录
signed-out-title = 已退出登录
signed-out-lead = 您已在此浏览器中退出 { $pool }。
signed-out-back-client = 返回“{ $client }”

## User center

profile-title = 个人资料
profile-lead = 您连接的应用会看到这些信息。
profile-verified = 已验证
profile-unverified = 未验证
profile-locale-auto = 与浏览器一致
profile-field-given_name = 名
profile-field-middle_name = 中间名
profile-field-family_name = 姓
profile-field-nickname = 昵称
profile-field-gender = 性别
profile-field-birthdate = 生日
profile-field-phone_number = 电话号码
profile-field-street_address = 街道和门牌号
profile-field-postal_code = 邮政编码
profile-field-locality = 城市
profile-field-region = 省或地区
profile-field-country = 国家
profile-field-zoneinfo = 时区
profile-field-picture = 图片
profile-field-profile = 关于您的页面
profile-field-website = 网站
profile-details = 关于您
profile-details-lead = 均为选填。应用只会得到它所请求的信息。
profile-yes = 是
profile-no = 否
profile-not-set = 未填写
profile-hint-birthdate = 1990-12-31。不含年份：0000-12-31。仅年份：1990。
profile-hint-phone_number = 请加上国家代码，例如 +86 10 1234 5678。
profile-hint-zoneinfo = 例如 Asia/Shanghai。
profile-hint-picture = 图片的 https 地址。
profile-hint-page = 页面的地址，以 https:// 开头。
profile-hint-lines = 每行一个。
password-title = 密码
password-lead = 更改密码后，您的其他会话都将退出登录。
password-submit = 更改密码
security-title = 安全
security-active = 您登录时需要进行两步验证。
security-inactive = 目前只有密码保护您的账号。启用两步验证可防止他人登录。
security-factors = 两步验证方式
security-none = 尚未设置。
security-add = 添加{ $factor }
security-added = 添加于
security-used = 上次使用
security-never-used = 从未使用
security-disabled = 已停用
security-disabled-text = 验证码输错次数过多。请移除后重新设置。
security-manage = 重命名或移除
security-rename = 重命名
security-remove-named = 移除“{ $label }”
security-codes-left = { $left ->
    [0] { $total } 个恢复码已全部用完。
   *[other] 还剩 { $left } 个恢复码（共 { $total } 个）。
}
security-codes-low = 请立即生成新的恢复码，以免无法登录。
security-regenerate-hint = 旧的恢复码会立即失效。
sessions-title = 会话
sessions-lead = 以下是您当前登录的位置。如有陌生的会话，请将其结束，然后更改密码。
sessions-current = 当前会话
sessions-started = 登录于
sessions-seen = 最近活动
sessions-revoke = 结束
sessions-revoke-named = 结束会话：{ $device }
sessions-revoke-others = 结束其他所有会话
apps-title = 已连接的应用
apps-lead = 您已允许使用您账号的应用。
apps-none = 目前没有应用可以访问您的账号。
apps-may-see = 权限：
apps-granted = 授权于
apps-used = 上次使用
apps-revoke = 断开连接
apps-revoke-named = 断开与“{ $client }”的连接
policy-off = 本服务不提供两步验证。
policy-off-asked = 本服务不再提供新的两步验证，但仍会要求您使用已设置的方式。
policy-optional = 在本服务中，除非应用要求，否则您可自行决定是否使用两步验证。
policy-announced = 您目前可以暂缓设置两步验证，之后则必须设置。
policy-required = 本服务要求使用两步验证，因此无法移除最后一种验证方式。
acr-1fa = 通过一步验证登录
acr-mfa = 通过两步验证登录
acr-phr = 使用通行密钥或安全密钥登录
acr-phrh = 使用无法复制的密钥登录

## What went wrong and what to do

credentials_wrong = 用户名与密码不匹配。请检查后重试。
throttled = 尝试次数过多。请在 { $minutes } 分钟后重试。
throttled_seconds = 尝试次数过多。请在 { $seconds } 秒后重试。
code_wrong = 验证码无效或已使用过。请等待下一个验证码出现后再输入。
code_refused = 该验证码未被接受。
factor-totp-wrong = 验证码无效或已使用过。请等待下一个验证码出现后再输入。
factor-recovery-wrong = 恢复码无效或已使用过。请换一个恢复码。
code_malformed = 请完全按照显示的内容输入。
factor_disabled = 由于输错次数过多，此验证方式已停用。请使用其他验证方式。
factor_unavailable = 此验证方式不可用。请使用其他验证方式。
flow_expired = 此次登录耗时过长，或已在别处完成。如果您来自某个应用，请返回该应用；也可以在此重新开始。
ceremony_expired = 操作已超时。页面已刷新，请重新操作。
form_expired = 此页面打开时间过长，或属于另一个会话。请返回并重新加载页面，然后重试。
field_missing = 请填写每一项。
sign_in_again = 请重新登录以继续。
sign_in_fresh = 该应用要求您重新登录。
account_locked = 此账号目前无法使用。请联系我们获取帮助。
password_too_short = 密码至少需要 { $min } 个字符。
password_too_long = 密码过长。请使用较短的密码。
password_common = 此密码曾出现在数据泄露中，或容易被猜到。请换一个密码。
password_contains_identity = 密码不得包含您的姓名、邮箱地址或本站名称。
password_current_wrong = 当前密码不正确。
password_unchanged = 这是您的当前密码。请换一个密码。
username_taken = 此用户名不可用。请换一个用户名。
username_invalid = 用户名最多 64 个字符，可使用文字、数字、点、连字符和下划线。
email_invalid = 请输入完整的邮箱地址，例如 name@example.org。
name_invalid = 请使用较短且不含特殊字符的名称。
label_invalid = 请为设备取一个简短的名称。
locale_invalid = 请从列表中选择一种语言。
profile_field_invalid = 请检查标出的字段：这样的值无法保存。
link_invalid_or_used = 此链接已过期或已使用过。请重新获取链接。
link_used_up = 使用此链接尝试的次数过多。请重新获取链接。
gone = 该项目已不存在。请重新加载页面以查看当前内容。
factor_required = 本服务要求使用两步验证。请先添加另一种验证方式，再移除此项。
profile_saved = 个人资料已保存。
password_changed = 密码已更改。您的其他会话均已退出登录。
factor_added = 已添加两步验证方式。
factor_removed = 已移除两步验证方式。
factor_renamed = 名称已更改。
codes_regenerated = 已生成新的恢复码。旧的恢复码已失效。
session_revoked = 会话已结束。
sessions_revoked = 其他所有会话均已结束。
app_revoked = 已断开与应用的连接。
codes_low = { $left ->
    [0] 您的恢复码已用完。请立即生成新的恢复码。
   *[other] 您还剩 { $left } 个恢复码。请立即生成新的恢复码。
}

title-cannot-continue = 无法继续
title-not-found = 这里没有内容
title-too-many = 操作过于频繁
title-our-fault = 我们这边出了点问题
title-link = 此链接已失效
error-back = 前往您的账号
error-code = 错误
error-request-id = 请求编号
unknown_host = 此地址没有登录服务。请检查浏览器中的地址。
not_found = 请检查地址，或返回之前使用的应用。
method_not_allowed = 此地址不接受这类请求。
too_large = 发送的内容过大。
timeout = 操作超时。请重试。
malformed_request = 无法读取发送的内容。请返回后重试。
unsupported_media_type = 此地址仅接受表单。
internal_error = 这不是您的问题，也未作任何更改。请稍后重试；如果问题仍然存在，请将请求编号告诉我们。
unavailable = 系统繁忙或正在维护。请稍后重试。
forbidden = 您的账号无权执行此操作。
cross_site = 该请求来自其他网站，因此我们未作处理。
feature_off = 本服务不提供此功能。
client_unknown = 将您引导至此的应用未在本服务登记。请告知该应用的开发者。
redirect_uri_invalid = 该应用要求将您引导至一个未登记的地址。为了您的安全，我们已在此停止。请告知该应用的开发者。
error-arrived-client = 发出请求的应用 (client_id)
error-arrived-address = 收到的地址
error-advice-register = 致应用开发者：如果此地址正确，请逐字登记此内容。当前登记的内容可凭下方的请求编号在本服务器的日志中查到。
error-advice-unfit = 致应用开发者：此地址也无法登记。请使用允许的地址，登记后发送完全相同的内容。
error-advice-client = 致应用开发者：请发送在此登记的 client_id，或申请登记此 client_id。详情可凭下方的请求编号在本服务器的日志中查到。
error-advice-request = 致应用开发者：“错误”一行说明了问题所在。详情可凭下方的请求编号在本服务器的日志中查到。
authorize_request_invalid = 该应用发来的登录请求无法处理。这不是您的问题。请告知该应用的开发者。
signout_unreadable = 该应用发来的退出登录请求无法读取。没有任何更改，这也不是您的问题。请告知该应用的开发者。
signout_no_application = 该应用希望在退出登录后将您引导至某个地址，但没有说明是哪个应用。没有任何更改，这也不是您的问题。请告知该应用的开发者。
signout_other_application = 退出登录请求中写明的应用与所附令牌的应用不同。没有任何更改，这也不是您的问题。请告知该应用的开发者。
signout_address = 该应用要求在退出登录后将您引导至一个未登记的地址。为了您的安全，我们已在此停止，没有任何更改。请告知该应用的开发者。
next-sign-out = 在此退出登录
next-start-again = 重新开始

## Second steps: how they stand, and changing them

nav-home = 概览
nav-settings = 设置
home-title = 概览
home-greeting = 您好，{ $name }
home-links = 您的账号
home-profile = 您的名称和语言
home-password = 更改您的密码
home-security = 两步验证方式和恢复码
home-sessions = 您当前登录的位置
home-apps = 可以使用您账号的应用
home-settings = 适用于所有用户的规则，以及为遇到困难的用户提供帮助

mfa-card-title = 登录时的两步验证
mfa-card-on = 已启用：您登录时需要进行两步验证。
mfa-card-off = 未启用：目前只有密码保护您的账号。
mfa-card-required = 已启用，且本服务要求使用。
mfa-card-count = 已设置 { $count } 种验证方式。
mfa-locked = 在本服务中无法关闭。
mfa-locked-warning = 启用后，您将无法再关闭。
mfa-enable = 设置两步验证
mfa-manage = 管理两步验证方式
mfa-replace = 更换为新的验证方式
security-replace = 更换{ $factor }
enrol-replaces = 您完成确认后，它将立即替换现有的验证方式。
mfa-disable = 关闭两步验证
mfa-regenerate = 生成新的恢复码
mfa-remove = 移除
mfa-enabled = 两步验证已启用。
mfa-disabled = 两步验证已关闭。今后只需密码即可登录。
mfa-experimental = 测试中
mfa-experimental-text = 本服务的两步验证仍处于测试阶段。
mfa-experimental-help = 遇到问题？请发送邮件至
credential-synced = 在您的设备之间同步
credential-syncable = 目前仅在此设备上，也可同步到您的其他设备
credential-device-bound = 仅保存在创建它的设备上
credential-key-bound = 仅保存在密钥上

confirm-now = 当前状态
confirm-items = 涉及
confirm-enable-title = 设置两步验证？
confirm-enable-detail = 设置后，仅知道您的密码将无法登录。设置过程只需一两分钟。
confirm-disable-title = 关闭两步验证？
confirm-disable-detail = 您的所有验证方式和恢复码都将被移除。如需再次使用两步验证，需要重新设置。
confirm-remove-title = 移除此验证方式？
confirm-remove-detail = 移除后不能再用它登录，其密钥信息将被销毁。
confirm-regenerate-title = 生成新的恢复码？
confirm-regenerate-detail = 所有旧的恢复码会立即失效。新的恢复码只显示一次。
confirm-whom = 对象：{ $username }。
confirm-last-warning = 这是您的最后一种验证方式。移除后，只需密码即可登录。

enrol-skip = 暂不设置
enrol-skip-left = 您还可以推迟 { $left } 次。
enrol-skip-from = 请在此时间之前设置：
done-enrolled = 两步验证已设置完成
done-enrolled-detail = 今后登录时，您需要进行两步验证。
ui-reference = 参考编号：
remember-device = { $days } 天内在此浏览器中不再询问
remember-device-hint = 请勿在共用电脑上选择此项。
devices-title = 已记住的浏览器
devices-lead = 在所示时间之前，这些浏览器无需再次进行两步验证。
devices-created = 记住于
devices-used = 上次使用
devices-expires = 有效期至
devices-forget = 不再记住
devices-forget-named = 不再记住：{ $device }
device_forgotten = 已不再记住该浏览器。下次登录时需要进行两步验证。

reason-requested = “{ $client }”此次要求使用两步验证。
reason-suggested = { $pool } 建议您设置两步验证。
error-mfa-locked = 本服务要求使用两步验证，无法关闭。
error-not-allowed-here = 只有本站的管理员可以查看此页面。
error-would-lock-out = { $count ->
    [1] 有 1 位用户将无法登录：{ $names }。请允许其已有的验证方式，或先让其设置一种。
   *[other] 有 { $count } 位用户将无法登录，其中包括：{ $names }。请允许他们已有的验证方式，或先让他们设置一种。
}
error-would-lock-out-admin = 将没有人能够更改这些设置：{ $names } 将无法登录。请先添加另一位管理员。
error-nothing-changed = 此操作会导致部分用户无法登录，因此未作任何更改。
error-factor-model-refused = 本服务不允许使用此型号的密钥。请使用其他型号，或联系我们获取帮助。
error-factor-unverified = 通行密钥需要由设备验证您的指纹、面容或 PIN，而此设备未进行验证。请使用其他设备，或将其添加为安全密钥。
error-mail-limit = 我们已发送多个验证码。请使用最新的一个，或在 { $minutes } 分钟后重试。
error-skips-used = 您无法再推迟。请设置两步验证以继续。
error-trace-unknown = 找不到此参考编号对应的记录。请从显示该编号的页面重新复制。
error-user-unknown = 没有使用此用户名的用户。请检查拼写。

## Settings for admins

settings-title = 设置
settings-lead = 供 { $pool } 的管理员使用。
settings-mfa-toggle = 所有用户的两步验证
settings-mfa-off = 目前未提供两步验证。
settings-mfa-optional = 目前由用户自行决定是否使用。
settings-mfa-required = 所有用户都必须使用。
settings-will-enrol = { $count ->
    [0] 所有用户均已设置。
   *[other] { $count } 位用户将在下次登录时被要求设置。
}
settings-would-enrol = { $count ->
    [0] 所有用户均已设置，因此不会有人受到影响。
   *[other] 如果强制要求，{ $count } 位用户将在下次登录时被要求设置。
}
settings-require = 要求所有用户使用
settings-relax = 由用户自行决定
settings-relax-hint = 自愿设置了两步验证的用户，登录时仍需进行验证。
settings-reset-title = 重置用户的两步验证
settings-reset-lead = 适用于手机和恢复码均已丢失的用户。请先确认对方确为本人。重置后，该用户的所有验证方式都将被移除，所有会话都会结束，并会收到一封通知邮件。密码保持不变；您无法以该用户的身份登录。
settings-reset-submit = 重置两步验证
settings-explain-title = 查询要求验证的原因
settings-explain-lead = 用户想知道为什么需要验证？用户看到的页面上有一个参考编号，请将其粘贴到此处。
settings-explain-trace = 参考编号
settings-explain-submit = 查询原因
settings-blocked = 将无法登录的用户
settings_saved = 设置已保存。
factors_reset = 已移除用户 { $username } 的 { $count } 种验证方式。
explain-when = 时间
explain-user = 用户
explain-application = 应用
explain-no-application = 用户中心
explain-asked = 要求的操作
explain-with = 验证方式
explain-rule = 判定依据
explain-rule-version = 规则 { $rule }，版本 { $version }
explain-acr = 所需级别
explain-reasons = 原因
explain-outcome = 结果
explain-asked-first = 登录
explain-asked-factor = 两步验证
explain-asked-enrol = 设置两步验证
explain-asked-suggest = 设置两步验证（可推迟）
explain-asked-nothing = 无：该用户无法满足所需的要求
explain-open = 尚无回应
explain-passed = 已完成
explain-failed = 未能完成

## Mails

mail-when = 时间：
mail-account = 账号：
mail-not-you = 如果不是您本人操作，请立即更改密码并结束其他所有会话。
mail-help = 如有疑问，请发送邮件至：{ $email }
mail-verify-subject = 请验证您用于 { $pool } 的邮箱地址
mail-verify-lead = 我们收到了使用此邮箱地址在 { $pool } 创建账号的请求。
mail-verify-after = 链接在 { $minutes } 分钟内有效，且只能使用一次。如果不是您本人操作，请忽略此邮件。
mail-verify-action = 验证并继续
mail-registered-subject = 您在 { $pool } 已有账号
mail-registered-lead = 我们收到了使用此邮箱地址在 { $pool } 创建账号的请求。该邮箱地址已有账号：{ $account }。
mail-registered-after = 如果不是您本人操作，请忽略此邮件。您的账号没有任何变化。
mail-registered-action = 登录
mail-reset-subject = 重置您的 { $pool } 密码
mail-reset-lead = 我们收到了为 { $pool } 账号 { $account } 重置密码的请求。
mail-reset-after = 链接在 { $minutes } 分钟内有效，且只能使用一次。如果不是您本人操作，请忽略此邮件。您的密码没有任何变化。
mail-reset-action = 设置新密码
mail-password-changed-subject = 您的 { $pool } 密码已更改
mail-password-changed-lead = 账号 { $account } 的密码已更改。
mail-password-changed-after = 其他所有会话均已退出登录。
mail-factor-added-subject = 您的 { $pool } 账号已添加两步验证方式
mail-factor-added-lead = 已添加：{ $factor }“{ $label }”。
mail-factor-added-after = 今后可用它登录。
mail-factor-removed-subject = 您的 { $pool } 账号已移除两步验证方式
mail-factor-removed-lead = 已移除：{ $factor }“{ $label }”。
mail-factor-removed-after = 今后不能再用它登录。
mail-factor-disabled-subject = 您的 { $pool } 账号有一种两步验证方式已停用
mail-factor-disabled-lead = 因验证码输错次数过多而停用：{ $factor }“{ $label }”。
mail-factor-disabled-after = 尝试验证码的人通常已经知道密码。如果是您本人操作，请移除此验证方式并重新设置。
mail-password-disabled-subject = 您在 { $pool } 的密码已停用
mail-password-disabled-lead = 有人为 { $account } 多次尝试了错误的密码。在您的帐户未使用过的浏览器中，任何人都不能再以 { $account } 的名义用密码登录。
mail-password-disabled-after = 在您曾经登录过的浏览器中，密码仍然有效。要在所有地方重新使用，请设置新密码。
mail-wrong-codes-subject = 您在 { $pool } 的帐户出现错误回答
mail-wrong-codes-lead = 有人输入了 { $account } 的正确密码，随后多次给出错误的回答：{ $factor }。
mail-wrong-codes-after = 对方未能登录。如果不是您本人，说明有人知道您的密码，请更改密码。
factor-recovery-used-subject = 您的 { $pool } 账号使用了一个恢复码
factor-recovery-used-lead = 有人使用恢复码登录了账号 { $account }。
factor-recovery-used-after = { $left ->
    [0] 恢复码已全部用完。
   *[other] 还剩 { $left } 个恢复码。
}
factor-recovery-low-subject = 您的 { $pool } 恢复码所剩不多
factor-recovery-low-lead = { $left ->
    [0] 您的恢复码已用完。
   *[other] 您还剩 { $left } 个恢复码。
}
factor-recovery-low-after = 请在账号的“安全”页面生成新的恢复码。
mail-codes-regenerated-subject = 您有新的 { $pool } 恢复码
mail-codes-regenerated-lead = 已为账号 { $account } 生成新的恢复码。
mail-codes-regenerated-after = 旧的恢复码已失效。
mail-new-device-subject = 您的 { $pool } 账号有新的登录
mail-new-device-lead = { $known ->
    [0] 有人使用一个我们未曾见过的浏览器登录了账号 { $account }：{ $device }。
   *[other] 有人使用一个我们未曾见过的浏览器登录了账号 { $account }：{ $device }，{ $place }。
}
mail-new-device-after = 如果是您本人操作，则无需处理。
mail-held-back-subject = { $pool } 暂停发送有关您账号的更多邮件
mail-held-back-lead = 账号 { $account } 发生的操作过多，最长一小时内，我们不会再为每项操作单独发送邮件。
mail-held-back-after = 记录不会丢失：所有操作都列在您账号的“活动记录”中。请立即查看。
mail-held-back-action = 查看活动记录
mail-factors-reset-subject = 您的 { $pool } 两步验证已重置
mail-factors-reset-lead = 管理员已移除账号 { $account } 的所有两步验证方式。
mail-factors-reset-after = 您的密码没有任何变化，您的会话均已结束。请登录并重新设置两步验证。
mail-mfa-disabled-subject = 您的 { $pool } 两步验证已关闭
mail-mfa-disabled-lead = 账号 { $account } 的两步验证已关闭。
mail-mfa-disabled-after = 今后只需密码即可登录。
mail-password-reset-done-subject = 您的 { $pool } 密码已重置
mail-password-reset-done-lead = 账号 { $account } 的密码已通过我们发送到此邮箱地址的链接重新设置。
mail-password-reset-done-after = 所有会话均已退出登录。您的两步验证没有任何变化。

## Passkeys and security keys

factor-passkey-sign-in = 使用通行密钥登录
factor-passkey = 通行密钥
factor-passkey-description = 您的指纹、面容或设备的锁屏方式
factor-passkey-enrol-title = 创建通行密钥
factor-passkey-enrol-text = 通行密钥由您的设备或密码管理器保管，并通过指纹、面容或 PIN 解锁。此后您无需密码即可用它登录，且它仅适用于本站。
factor-passkey-verify-text = 请点击按钮，然后像解锁设备一样解锁您的通行密钥。
factor-passkey-wrong = 此通行密钥未通过验证。请重试，或使用其他验证方式。
factor-security-key = 安全密钥
factor-security-key-description = 插入设备或贴近设备使用的实体密钥
factor-security-key-enrol-title = 添加安全密钥
factor-security-key-enrol-text = 请准备好您的安全密钥。浏览器会提示您何时插入和触摸它。
factor-security-key-verify-text = 请准备好您的安全密钥，点击按钮，待其闪烁时触摸它。
factor-security-key-wrong = 此安全密钥未通过验证。请重试，或使用其他验证方式。
webauthn-noscript = 此功能需要 JavaScript。请启用后重新加载页面，或使用其他验证方式。
webauthn-waiting = 浏览器正在请您确认。请留意浏览器弹出的窗口。
webauthn-denied = 操作已取消或超时。请重试。
webauthn-denied-passkey = 操作已取消或超时，或者此设备无法验证通行密钥所需的指纹、面容或 PIN。请重试，或使用其他验证方式，例如安全密钥。
webauthn-known = 此密钥已设置过。请使用另一个。
webauthn-unsupported = 此浏览器不支持该功能。请使用其他浏览器或其他验证方式。
webauthn-insecure = 浏览器仅允许在安全连接且地址正确时执行此操作。请检查地址，或使用其他验证方式。
webauthn-failed = 操作未成功。请重试，或使用其他验证方式。

## Codes by mail, clocks that are off, and a single recovery code

factor-email = 邮箱验证码
factor-email-description = 发送到您邮箱的 6 位验证码
factor-email-enrol-title = 使用邮箱验证码
factor-email-wrong = 验证码不正确或已失效。验证码在 10 分钟内有效，且仅最新的一个可用。如果输错 5 次，请获取新的验证码。
email-enrol-text = 您登录时，我们会向您的邮箱发送验证码，并请您输入。
email-sent = 我们已将验证码发送至 { $address }，{ $minutes } 分钟内有效。
email-code = 邮件中的 6 位验证码
email-hint = 没有收到？请同时检查垃圾邮件文件夹。
email-resend = 发送新的验证码
factor-totp-drift-ahead = 验证码不匹配，因为您手机的时间快了约 { $minutes } 分钟。请将手机设为自动同步网络时间，然后输入应用显示的验证码。
factor-totp-drift-behind = 验证码不匹配，因为您手机的时间慢了约 { $minutes } 分钟。请将手机设为自动同步网络时间，然后输入应用显示的验证码。
totp-get-android = { $app } Android 版
totp-get-ios = { $app } iOS 版
factor-recovery-enrol-title-one = 您的恢复码
factor-recovery-reveal-title-one = 保存您的恢复码
recovery-enrol-text-one = 您将获得一个恢复码，供手机不在身边时使用。恢复码只会在下一页显示一次。
codes-lead-one = 如果手机丢失，您可以使用此恢复码登录。此恢复码只能使用一次。
codes-for-one = { $pool } 恢复码（账号：{ $account }）
codes-once-one = 在您继续之前，此恢复码会一直显示在此处。请与重要文件一起妥善保管。
codes-filename-one = 恢复码.txt
factor-email-mail-subject = 您的 { $pool } 验证码
factor-email-mail-lead = 登录 { $pool } 的验证码：{ $code }
factor-email-mail-after = 验证码在 { $minutes } 分钟内有效，且只能使用一次。请勿告诉任何人，包括我们。如果您此刻没有在登录，说明有人知道您的密码，请更改密码。

## The mail address

field-new-email = 新邮箱地址
profile-email-change = 更改邮箱地址
profile-email-add = 添加邮箱地址
profile-email-prove = 验证此邮箱地址
pending-title = 验证您的邮箱地址
pending-lead = 如果 { $email } 可以在此使用，验证码已发送到该地址。请输入验证码；在此之前不会有任何更改。
pending-hint = 几分钟后仍未收到？请查看垃圾邮件文件夹。每个地址每小时只会收到少量邮件。
pending-code = 八位验证码
pending-until = 有效期至
pending-submit = 验证地址
pending-cancel = 放弃此地址
address-title = 邮箱地址
address-lead = 我们会向该地址发送验证码。输入验证码后，该地址即生效。
address-current = 当前地址
address-undo-hint = 当前地址会收到通知，并可在一周内撤销更改。
address-submit = 发送验证码
email_unchanged = 这已是您当前的邮箱地址，且已验证。
email_code_wrong = 验证码无效。请使用最新邮件中的验证码，或重新发送。
email_in_use = 该邮箱地址属于其他账号。请换一个。
email_proved = 您的邮箱地址已验证。
address_set = { $username } 的邮箱地址现为 { $email }。在本人于个人资料中验证之前，该地址视为未验证。
done-address-restored = 已恢复原来的邮箱地址
done-address-restored-detail = 所有会话均已结束。更改地址的人可能知道您的密码：请立即设置新密码。
done-address-in-use = 原来的邮箱地址现已属于其他账号
done-address-in-use-detail = 所有会话均已结束，新地址不再受信任。请登录并添加您自己的地址，或寻求帮助。
next-new-password = 设置新密码
address-undo-title = 撤销更改？
address-undo-lead = { $account } 的邮箱地址将恢复为 { $email }。所有会话都会结束，更改地址的人也会退出登录。
address-undo-submit = 撤销更改
settings-address-title = 为用户更换邮箱地址
settings-address-lead = 适用于无法再使用原邮箱的用户。请先确认对方确为本人。原地址会收到通知，并可撤销更改。在本人于个人资料中验证之前，新地址视为未验证，不能用于重置密码。
settings-address-submit = 更改邮箱地址
mail-address-code-subject = 请验证您用于 { $pool } 的邮箱地址
mail-address-code-lead = 我们收到了将此邮箱地址用于 { $pool } 账号的请求。如需确认，请在要求输入验证码的页面上输入：{ $code }
mail-address-code-after = 验证码在 { $minutes } 分钟内有效，且只能使用一次。请勿告诉任何人：我们绝不会向您索要。如果不是您本人操作，请忽略此邮件。
mail-address-in-use-subject = 您的邮箱地址已在 { $pool } 使用
mail-address-in-use-lead = 有人想将此邮箱地址用于 { $pool } 的另一个账号。该地址已属于 { $account }，因此未作任何更改。
mail-address-in-use-after = 如果是您本人操作：请登录 { $account }，或使用其他地址。如果不是，请忽略此邮件。您的账号没有任何变化。
mail-address-undo-subject = 您的 { $pool } 账号的邮箱地址已更改
mail-address-undo-lead = 账号 { $account } 现使用另一个邮箱地址。此地址不再用于该账号。
mail-address-undo-after = 如果不是您本人操作，请撤销更改：您的地址将恢复，所有会话都会结束。链接在 { $days } 天内有效，且只能使用一次。在此期间，新地址不能用于重置密码。
mail-address-undo-action = 撤销更改
mail-address-changed-subject = 一个 { $pool } 账号的邮箱地址已更改
mail-address-changed-lead = 账号 { $account } 现使用另一个邮箱地址。此地址不再用于该账号。
mail-address-changed-after = 有关该账号的邮件不再发送到此地址。

## Activity, a copy of one’s data, the end of an account

nav-activity = 活动记录
nav-data = 您的数据
home-activity = 您的账号发生过什么
home-data = 下载副本或删除账号
activity-title = 活动记录
activity-lead = 您的账号发生过的事情，最新的在前。
activity-none = 暂无记录。
activity-newest = 最新
activity-older = 更早
activity-pages = 列表分页
activity-advice = 有不认识的记录？请更改密码，然后结束其他会话：
activity-by-administrator = 由管理员操作
activity-sign-in = 登录
activity-sign-out = 退出登录
activity-consent = 已允许访问：{ $client }
activity-consent-refused = 未允许访问：{ $client }
activity-device-code-refused = 输入了并未等待的设备的代码
activity-registered = 账号已创建
activity-reset-asked = 请求了重置密码的链接
activity-password-reset = 通过邮件链接重置了密码
activity-password-change = 密码已更改
activity-password-change-refused = 密码未更改：当前密码有误
activity-profile = 个人资料已更改
activity-address-asked = 请求了邮箱地址的验证码
activity-address-changed = 邮箱地址已验证
activity-address-changed-refused = 邮箱地址的验证码有误
activity-address-restored = 已撤销邮箱地址的更改
activity-data-exported = 已下载您的数据副本
activity-application-revoked = 已断开连接：{ $client }
activity-session-revoked = 结束了一个会话
activity-sessions-revoked = 结束了其他所有会话
activity-browser-forgotten = 不再记住某个浏览器
activity-factor-enrolled = 已添加两步验证方式
activity-factor-replaced = 已更换两步验证方式
activity-factor-renamed = 已重命名两步验证方式
activity-factor-removed = 已移除两步验证方式
activity-factors-chosen = 已启用两步验证
activity-factors-disabled = 已关闭两步验证
activity-codes-regenerated = 已生成新的恢复码
activity-factors-reset = 已移除所有两步验证方式
activity-user-created = 账号已创建
activity-user-updated = 账号已更改
activity-user-disabled = 账号已停用
activity-user-enabled = 账号已重新启用
activity-password-set = 密码已替换
activity-code-replayed = 已终止某应用的访问：它重复使用了代码
activity-refresh-token-reused = 已终止某应用的访问：它重复使用了令牌
activity-token-revoked = 某个应用交还了其访问权限
activity-password-refused = 登录时密码错误
activity-passwordless-refused = 登录时通行密钥无效
activity-second-factor-refused = 两步验证失败
data-title = 您的数据
data-lead = 此处保存的您的信息，以及如何删除。
data-export-title = 下载副本
data-export-lead = JSON 格式的文件，包含您的个人资料、会话、两步验证方式、应用和近期活动。其中不含密码、密钥或验证码。
data-export-submit = 下载
data-delete-title = 删除账号
data-delete-lead = 此操作无法撤销。删除前会先显示将失去的内容。
data-delete-submit = 删除账号
data-delete-off = 此处的账号由管理人员删除。请与他们联系。
delete-title = 删除您的账号？
delete-lead = 以下内容会立即永久失去：
delete-account = 账号 { $username } 及其名称、邮箱地址和密码
delete-sessions = 所有会话（{ $count } 个）
delete-factors = 您的两步验证方式和恢复码
delete-application = 对 { $client } 的访问，以及只能通过它访问的内容
delete-kept = 为保障服务安全，会保留事件记录，其中包含您的用户名和来源地址。应用保存的信息由应用自行处理。
delete-type = 请输入 { $username } 以确认
delete-submit = 删除我的账号
delete_mistyped = 这不是您的用户名。未删除任何内容。
delete_last_admin = 只有您能管理此站点。请先添加其他管理员。
done-deleted = 您的账号已删除
done-deleted-detail = 您已在所有位置退出登录。您可以关闭此窗口。
mail-deleted-subject = 您的 { $pool } 账号已删除
mail-deleted-lead = 账号 { $account } 已删除。该请求由已登录并再次验证身份的人提出。
mail-deleted-after = 其中的所有内容均已删除。如果不是您本人操作，请寻求帮助：事件记录会保留。
