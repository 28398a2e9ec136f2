# Japanese: です/ます, no 「あなた」, no spaces around Latin words and numbers, names of applications and accounts in 「」.

## Everywhere

ui-skip = 本文へ移動
ui-demo-label = このサイトについて
ui-demo = デモサイトです。サンプルアカウントのみを使用し、実際のパスワードは入力しないでください。
ui-help = お問い合わせ
ui-language-switch = 言語を変更
ui-error-prefix = エラー：
ui-show = 表示
ui-hide = 非表示
ui-show-password = パスワードを表示
ui-hide-password = パスワードを非表示
ui-copy = コピー
ui-copied = コピーしました
ui-cancel = キャンセル
ui-save = 保存
ui-switch-account = 別のアカウントを使用
ui-back-to-login = ログインに戻る
ui-sign-out = ログアウト

nav-label = アカウント
nav-profile = プロフィール
nav-password = パスワード
nav-security = セキュリティ
nav-sessions = セッション
nav-apps = 連携アプリ

field-username = ユーザー名
field-username-hint = 文字、数字、ピリオド、ハイフン、アンダースコアを使用できます。ログインに使用します。
field-identifier = ユーザー名またはメールアドレス
field-password = パスワード
field-current-password = 現在のパスワード
field-new-password = 新しいパスワード
field-password-hint = { $min }文字以上。関連のない単語をいくつか組み合わせることをおすすめします。
field-email = メールアドレス
field-name = 表示名
field-name-hint = 任意。連携アプリに表示されることがあります。
field-locale = 言語

## Sign-in

login-title = ログイン
login-to-client = 「{ $client }」に進みます
login-submit = ログイン
login-again-title = パスワードの確認
login-again-submit = 確認
login-forgot = パスワードをお忘れの場合
login-no-account = アカウントをお持ちでない場合
login-register = アカウントを作成

factor-title = 本人確認
factor-submit = 続ける
factor-others = スマートフォンを紛失した場合や利用できない場合は、別の方法を使用
factor-lost = スマートフォンを紛失した場合は、このサイトの管理者がログインをお手伝いします。
factor-totp = 認証アプリ
factor-totp-description = スマートフォンのアプリに表示される6桁の認証コード
factor-totp-enrol-title = 認証アプリの設定
factor-recovery = リカバリーコード
factor-recovery-description = スマートフォンが手元にないときのために保管したコード
factor-recovery-enrol-title = リカバリーコードの発行
factor-label = このデバイスの名前
factor-label-hint = 後で見分けるための名前です。例：「仕事用スマートフォン」

totp-code = 6桁の認証コード
totp-verify-hint = 認証アプリを開き、表示されている認証コードを入力してください。
totp-enrol-hint = アプリに今表示されている認証コードを入力してください。
totp-step-app = 認証アプリを用意する
totp-step-app-text = 6桁の認証コードを表示するアプリであれば、どれでも使用できます。
totp-no-app = まだ持っていない場合
totp-step-scan = アプリにこのアカウントを追加する
totp-qr-name = { $issuer }のアカウント「{ $account }」を認証アプリに追加するQRコード
totp-scan-text = アプリでこのQRコードを読み取ってください。スマートフォンでご覧の場合は、アプリを直接開けます。
totp-open-app = 認証アプリで開く
totp-manual = 読み取れない場合は手動で入力
totp-keep = アカウントとキーは安全な場所に保管してください。別のスマートフォンの設定に使用できます。
totp-issuer = 発行者
totp-account = アカウント
totp-secret = キー
totp-kind = 種類
totp-kind-value = 時間ベース、6桁、30秒ごと
totp-step-code = 動作を確認する

recovery-code = リカバリーコード
recovery-enrol-text = スマートフォンが手元にないときに使用するリカバリーコードを{ $count }個発行します。表示されるのは、次のページで一度だけです。
recovery-enrol-replaced = 未使用のリカバリーコード{ $replaced }個は使用できなくなります。
recovery-verify-hint = 各コードは1回だけ使用できます。ハイフンやスペースの有無、大文字と小文字の違いは問いません。

enrol-title = 2段階認証の設定
enrol-forced = 設定が終わると、そのまま先に進めます。
enrol-submit = 確認して続ける
enrol-choice-title = 2段階認証の方法を選択
enrol-choice-lead = パスワードを知られた場合でも、第三者のログインを防ぎます。

reveal-title = 今すぐ保存してください
reveal-next = 保存しました
factor-recovery-reveal-title = リカバリーコードの保存
codes-lead = スマートフォンを紛失しても、リカバリーコードがあればログインできます。各コードは1回だけ使用できます。
codes-for = { $pool }のリカバリーコード（アカウント：{ $account }）
codes-once = リカバリーコードは、次へ進むまでここに表示されます。大切な書類と一緒に保管してください。
codes-copy = コピー
codes-download = ダウンロード
codes-print = 印刷
codes-filename = リカバリーコード.txt

reason-policy-required = { $pool }では、すべての方に2段階認証をお願いしています。
reason-policy-yours = { $pool }では、お客様に2段階認証をお願いしています。
reason-app-requires = 「{ $client }」の利用には2段階認証が必要です。
reason-enrolled = このアカウントでは2段階認証が有効になっています。
reason-fresh = この操作には、もう一度ご本人の確認が必要です。
reason-recovered = リカバリーコードを確認しました。続けるには、認証アプリをもう一度設定してください。紛失した認証アプリは使用できなくなります。

consent-title = アクセスを許可しますか？
consent-lead = 「{ $client }」が{ $pool }アカウントの利用を求めています。
consent-scopes = 許可される内容
consent-allow = 許可
consent-deny = 許可しない
consent-host = 移動先：
consent-described = このアプリケーションの情報は次のサイトで公開されています：
consent-described-untrusted = このアプリケーションはここでは確認されていません。情報を公開している次のサイトを信頼できる場合にのみ許可してください：
consent-registered = このアプリケーションは自動的に登録されたもので、名前は確認されていません。次の移動先に心当たりがある場合にのみ許可してください：
consent-revoke = この許可は、アカウント画面でいつでも取り消せます。

device-title = デバイスを接続
device-lead = デバイスに表示されているコードを入力してください。
device-lead-compare = デバイスにこのコードがそのとおり表示されていますか？表示されている場合だけ続けてください。
device-code-field = コード
device-code-hint = 8文字の英字（例：WDJB-MJHT）
device-fine = このコードを誰かから送られたり、電話で伝えられたりしましたか？その場合は続けないでください。相手があなたのアカウントに入れるようになります。
device-code-wrong = このコードで待っているデバイスはないか、すでに終了しています。デバイスをもう一度確認するか、新しいコードを表示させてください。
device-consent-title = このデバイスを許可しますか？
device-consent-lead = 別のデバイスの「{ $client }」が{ $pool }アカウントの利用を求めています。
device-warning = ご自身が今この操作を始め、手元のデバイスにこのコードが表示されている場合だけ許可してください。
device-code-shown = デバイスのコード
device-asked = 要求
device-allowed = デバイスを接続しました
device-allowed-detail = 「{ $client }」はまもなくデバイス上で続行します。このウィンドウを閉じてかまいません。
device-denied = デバイスを許可しませんでした
device-denied-detail = 「{ $client }」はアカウントの情報を受け取りません。このウィンドウを閉じてかまいません。

scope-openid = 利用者の識別
scope-openid-description = 利用者を示す固定の識別子と、ログインの方法
scope-profile = プロフィールの参照
scope-profile-description = 表示名、ユーザー名、言語、プロフィールに登録した情報
scope-email = メールアドレスの参照
scope-email-description = メールアドレスと、確認済みかどうか
scope-groups = 所属グループの参照
scope-groups-description = ここで所属しているグループの名前
scope-address = 住所の参照
scope-address-description = プロフィールにある番地、郵便番号、市区町村、都道府県、国
scope-phone = 電話番号の参照
scope-phone-description = 電話番号と、確認済みかどうか
scope-roles = ロールの参照
scope-roles-description = 管理者があなたに与えたロールの名前
scope-own = 共有される情報：{ $names }
scope-api = あなたに代わって{ $api }を利用する
scope-offline_access = 接続の維持
scope-offline_access-description = 利用していない間も、このアクセスを継続

## Account by mail

register-title = アカウントの作成
register-lead = 登録を始めるためのリンクをメールでお送りします。
register-submit = リンクを送信
register-have-account = すでにアカウントをお持ちの場合
register-complete-title = アカウント登録の完了
register-complete-lead = { $email }を確認しました。
register-complete-submit = アカウントを作成
mail-sent-title = メールをご確認ください
mail-sent-register = このメールアドレスを使用できる場合は、次の手順をご案内するメールをお送りしました。
mail-sent-reset = 該当するアカウントがある場合は、リンクを記載したメールをお送りしました。
mail-sent-hint = 数分たっても届かない場合は、迷惑メールフォルダを確認してから、もう一度お試しください。1つのアドレスに送るメールは1時間に数通までです。
reset-title = パスワードの再設定
reset-lead = ユーザー名またはメールアドレスを入力してください。アカウントのメールアドレスにリンクをお送りします。
reset-submit = リンクを送信
reset-form-title = 新しいパスワードの設定
reset-form-submit = パスワードを設定
reset-form-note = ほかのセッションはすべてログアウトされます。2段階認証の設定は変わりません。
done-reset = パスワードを変更しました
done-reset-detail = 新しいパスワードでログインしてください。
done-registered = ようこそ
done-registered-detail = アカウントの準備ができました。
done-cancelled = ログインをキャンセルしました
done-cancelled-detail = 何も変更されていません。このウィンドウを閉じてもかまいません。
done-recovered = ログインしました
done-recovered-advice = デバイスを紛失した場合は、今すぐ削除して別のデバイスを設定してください。それまでは、紛失したデバイスでもアカウントにログインできます。
done-recovered-detail = リカバリーコードを1個使用しました。デバイスを紛失した場合は、そのデバイスを削除し、別のデバイスを設定してください。
done-recovered-left = リカバリーコードを1個使用しました。{ $left ->
    [0] 最後の1個でした。アカウント画面で新しいリカバリーコードを発行してください。
    [1] 残りは1個です。アカウント画面で新しいリカバリーコードを発行してください。
   *[other] 残りは{ $left }個です。
}
codes-shown = リカバリーコードは表示済みです
codes-shown-detail = 表示されるのは一度だけです。保存していない場合は、アカウントのセキュリティ画面で新しいリカバリーコードを発行してください。
proved_fresh = ご確認ありがとうございます。これから数分間、2段階認証の設定を変更できます。
next-continue = 続ける
next-security = セキュリティ画面へ
next-replace = 紛失したデバイスを交換
next-sign-in = ログイン
next-account = アカウント画面へ

## Signing out

answer-title = アプリケーションに戻ります
answer-lead-client = ログインは { $client } で続きます。
answer-lead = ログインはアプリケーションで続きます。

logout-title = ログアウトしますか？
logout-lead = { $pool }にログインしています。
logout-lead-client = 「{ $client }」が{ $pool }からのログアウトを求めています。
logout-confirm = ログアウト
logout-stay = ログインしたままにする
signed-out-title = ログアウトしました
signed-out-lead = このブラウザで{ $pool }からログアウトしました。
signed-out-back-client = 「{ $client }」に戻る

## User center

profile-title = プロフィール
profile-lead = 連携アプリに表示される情報です。
profile-verified = 確認済み
profile-unverified = 未確認
profile-locale-auto = ブラウザの設定に合わせる
profile-field-given_name = 名
profile-field-middle_name = ミドルネーム
profile-field-family_name = 姓
profile-field-nickname = ニックネーム
profile-field-gender = 性別
profile-field-birthdate = 誕生日
profile-field-phone_number = 電話番号
profile-field-street_address = 番地・建物名
profile-field-postal_code = 郵便番号
profile-field-locality = 市区町村
profile-field-region = 都道府県・地域
profile-field-country = 国
profile-field-zoneinfo = タイムゾーン
profile-field-picture = 画像
profile-field-profile = 自己紹介ページ
profile-field-website = ウェブサイト
profile-details = あなたについて
profile-details-lead = すべて任意です。アプリには、求められた情報だけが渡されます。
profile-yes = はい
profile-no = いいえ
profile-not-set = 指定なし
profile-hint-birthdate = 1990-12-31 の形式。年を省く場合は 0000-12-31、年だけの場合は 1990。
profile-hint-phone_number = 国番号を付けてください。例：+81 3 1234 5678
profile-hint-zoneinfo = 例：Asia/Tokyo
profile-hint-picture = 画像の https アドレス。
profile-hint-page = https:// で始まるページのアドレス。
profile-hint-lines = 1 行に 1 つずつ。
password-title = パスワード
password-lead = 変更すると、ほかのセッションはすべてログアウトされます。
password-submit = パスワードを変更
security-title = セキュリティ
security-active = ログイン時に2段階認証を行います。
security-inactive = 現在、アカウントを保護しているのはパスワードだけです。2段階認証を設定すると、第三者のログインを防げます。
security-factors = 2段階認証の方法
security-none = まだ設定されていません。
security-add = { $factor }を追加
security-added = 追加日時
security-used = 最終使用
security-never-used = 未使用
security-disabled = 停止中
security-disabled-text = 誤ったコードの入力が多すぎます。削除してから、もう一度設定してください。
security-manage = 名前の変更・削除
security-rename = 名前を変更
security-remove-named = 「{ $label }」を削除
security-codes-left = { $left ->
    [0] リカバリーコード{ $total }個は、すべて使用済みです。
   *[other] リカバリーコードの残りは、{ $total }個中{ $left }個です。
}
security-codes-low = ログインできなくならないよう、今すぐ新しいリカバリーコードを発行してください。
security-regenerate-hint = 発行すると、以前のリカバリーコードはすぐに使用できなくなります。
sessions-title = セッション
sessions-lead = ログイン中の端末の一覧です。心当たりのないセッションは終了し、その後パスワードを変更してください。
sessions-current = 現在のセッション
sessions-started = ログイン日時
sessions-seen = 最終アクセス
sessions-revoke = 終了
sessions-revoke-named = セッションを終了：{ $device }
sessions-revoke-others = ほかのセッションをすべて終了
apps-title = 連携アプリ
apps-lead = アカウントの利用を許可したアプリです。
apps-none = アクセスを許可したアプリはありません。
apps-may-see = 許可内容：
apps-granted = 許可日時
apps-used = 最終使用
apps-revoke = 連携を解除
apps-revoke-named = 「{ $client }」との連携を解除
policy-off = このサービスでは、2段階認証は利用できません。
policy-off-asked = このサービスでは新しい2段階認証を設定できません。設定済みのものは引き続き求められます。
policy-optional = このサービスでは、アプリケーションが求める場合を除き、2段階認証は任意です。
policy-announced = 2段階認証の設定は、今のところ後回しにできます。その後は必須になります。
policy-required = このサービスでは2段階認証が必須のため、最後の1つは削除できません。
acr-1fa = 1段階の認証でログイン
acr-mfa = 2段階認証でログイン
acr-phr = パスキーまたはセキュリティキーでログイン
acr-phrh = 複製できないキーでログイン

## What went wrong and what to do

credentials_wrong = ユーザー名とパスワードが一致しません。確認してから、もう一度お試しください。
throttled = 試行回数が多すぎます。{ $minutes }分後にもう一度お試しください。
throttled_seconds = 試行回数が多すぎます。{ $seconds }秒後にもう一度お試しください。
code_wrong = 認証コードが無効か、すでに使用されています。次の認証コードが表示されてから入力してください。
code_refused = このコードは受け付けられませんでした。
factor-totp-wrong = 認証コードが無効か、すでに使用されています。次の認証コードが表示されてから入力してください。
factor-recovery-wrong = リカバリーコードが無効か、すでに使用されています。別のリカバリーコードをお試しください。
code_malformed = 表示されているとおりにコードを入力してください。
factor_disabled = 誤ったコードの入力が多すぎたため、この方法は停止されています。別の方法を使用してください。
factor_unavailable = この方法は使用できません。別の方法を使用してください。
flow_expired = 時間がかかりすぎたか、別の場所でログインが完了しています。アプリから来た場合はアプリに戻るか、ここで最初からやり直してください。
ceremony_expired = 時間が経過したため、画面を更新しました。もう一度お試しください。
form_expired = ページを開いてから時間が経過したか、別のセッションのページです。前の画面に戻り、再読み込みしてからもう一度お試しください。
field_missing = すべての項目を入力してください。
sign_in_again = 続けるには、もう一度ログインしてください。
sign_in_fresh = アプリがもう一度ログインするよう求めています。
account_locked = 現在、このアカウントは使用できません。お問い合わせください。
password_too_short = パスワードは{ $min }文字以上にしてください。
password_too_long = パスワードが長すぎます。短くしてください。
password_common = このパスワードは、過去に漏えいしているか、推測されやすいものです。別のパスワードにしてください。
password_contains_identity = パスワードに、名前、メールアドレス、このサイトの名前を含めることはできません。
password_current_wrong = 現在のパスワードが正しくありません。
password_unchanged = 現在のパスワードと同じです。別のパスワードにしてください。
username_taken = このユーザー名は使用できません。別のユーザー名にしてください。
username_invalid = ユーザー名は64文字以内で、文字、数字、ピリオド、ハイフン、アンダースコアを使用してください。
email_invalid = メールアドレスを正しく入力してください（例：name@example.org）。
name_invalid = 特殊文字を含まない、短い名前にしてください。
label_invalid = デバイスに短い名前を付けてください。
locale_invalid = 一覧から言語を選択してください。
profile_field_invalid = 印の付いた項目を確認してください。この値は保存できません。
link_invalid_or_used = リンクの有効期限が切れているか、すでに使用されています。新しいリンクを取得してください。
link_used_up = このリンクでの試行回数が多すぎます。新しいリンクを取得してください。
gone = この項目はすでにありません。再読み込みして、現在の内容を確認してください。
factor_required = このサービスでは2段階認証が必須です。削除する前に、別の方法を追加してください。
profile_saved = プロフィールを保存しました。
password_changed = パスワードを変更しました。ほかのセッションはログアウトされました。
factor_added = 2段階認証の方法を追加しました。
factor_removed = 2段階認証の方法を削除しました。
factor_renamed = 名前を変更しました。
codes_regenerated = 新しいリカバリーコードを発行しました。以前のリカバリーコードは使用できません。
session_revoked = セッションを終了しました。
sessions_revoked = ほかのセッションをすべて終了しました。
app_revoked = アプリとの連携を解除しました。
codes_low = { $left ->
    [0] リカバリーコードが残っていません。今すぐ新しいリカバリーコードを発行してください。
   *[other] リカバリーコードの残りは{ $left }個です。今すぐ新しいリカバリーコードを発行してください。
}

title-cannot-continue = 続行できません
title-not-found = ページが見つかりません
title-too-many = 少し時間をおいてください
title-our-fault = システム側で問題が発生しました
title-link = このリンクは使用できません
error-back = アカウント画面へ
error-code = エラー
error-request-id = リクエスト番号
unknown_host = このアドレスにログインページはありません。ブラウザのアドレスを確認してください。
not_found = アドレスを確認するか、元のアプリに戻ってください。
method_not_allowed = このアドレスでは、この種類のリクエストを受け付けていません。
too_large = 送信された内容が大きすぎます。
timeout = 時間がかかりすぎました。もう一度お試しください。
malformed_request = 送信された内容を読み取れません。前の画面に戻り、もう一度お試しください。
unsupported_media_type = このアドレスでは、フォームのみを受け付けています。
internal_error = お客様の操作によるものではなく、何も変更されていません。しばらくしてからもう一度お試しください。解決しない場合は、リクエスト番号をお知らせください。
unavailable = 混雑しているか、メンテナンス中です。しばらくしてからもう一度お試しください。
forbidden = このアカウントでは、この操作を行えません。
cross_site = 別のサイトからのリクエストだったため、処理を行いませんでした。
feature_off = この機能は提供していません。
client_unknown = アクセス元のアプリは登録されていません。アプリの提供元にお知らせください。
redirect_uri_invalid = アプリが、登録されていないアドレスへの移動を求めています。安全のため、処理を中止しました。アプリの提供元にお知らせください。
error-arrived-client = 要求元のアプリ（client_id）
error-arrived-address = 受け取ったアドレス
error-advice-register = アプリの提供元の方へ：このアドレスが正しい場合は、一字一句この通りに登録してください。現在登録されている内容は、下のリクエスト番号でこのサーバーのログから確認できます。
error-advice-unfit = アプリの提供元の方へ：このアドレスは登録もできません。登録できるアドレスを使い、登録したものとまったく同じ文字列を送信してください。
error-advice-client = アプリの提供元の方へ：ここに登録されているclient_idを送信するか、このclient_idを登録してもらってください。詳細は、下のリクエスト番号でこのサーバーのログから確認できます。
error-advice-request = アプリの提供元の方へ：問題の内容は「エラー」の行に表示されています。詳細は、下のリクエスト番号でこのサーバーのログから確認できます。
authorize_request_invalid = アプリが、応答できない形式でログインを求めています。お客様に問題はありません。アプリの提供元にお知らせください。
signout_unreadable = アプリが、読み取れない内容でログアウトを求めています。何も変更されておらず、お客様に問題はありません。アプリの提供元にお知らせください。
signout_no_application = アプリが、ログアウト後の移動先を指定していますが、どのアプリなのかを示していません。何も変更されておらず、お客様に問題はありません。アプリの提供元にお知らせください。
signout_other_application = ログアウトの要求に示されたアプリと、添えられたトークンのアプリが異なります。何も変更されておらず、お客様に問題はありません。アプリの提供元にお知らせください。
signout_address = アプリが、ログアウト後に、登録されていないアドレスへの移動を求めています。安全のため、処理を中止しました。何も変更されていません。アプリの提供元にお知らせください。
next-sign-out = ここでログアウト
next-start-again = 最初からやり直す

## Second steps: how they stand, and changing them

nav-home = 概要
nav-settings = 設定
home-title = 概要
home-greeting = こんにちは、{ $name }さん
home-links = アカウント
home-profile = 表示名と言語
home-password = パスワードの変更
home-security = 2段階認証の方法とリカバリーコード
home-sessions = ログイン中の端末
home-apps = アカウントの利用を許可したアプリ
home-settings = 全員に適用するルールと、お困りの方への対応

mfa-card-title = ログイン時の2段階認証
mfa-card-on = 有効です。ログイン時に2段階認証を行います。
mfa-card-off = 無効です。現在、アカウントを保護しているのはパスワードだけです。
mfa-card-required = 有効です。このサービスでは必須です。
mfa-card-count = { $count }件の方法が設定されています。
mfa-locked = このサービスでは無効にできません。
mfa-locked-warning = 一度有効にすると、無効に戻すことはできません。
mfa-enable = 2段階認証を設定
mfa-manage = 2段階認証の方法を管理
mfa-replace = 新しい方法に置き換える
security-replace = { $factor }を置き換える
enrol-replaces = 確認が完了すると、現在の方法はこの方法に置き換わります。
mfa-disable = 2段階認証を無効にする
mfa-regenerate = 新しいリカバリーコードを発行
mfa-remove = 削除
mfa-enabled = 2段階認証を有効にしました。
mfa-disabled = 2段階認証を無効にしました。今後はパスワードだけでログインできます。
mfa-experimental = 試験運用中
mfa-experimental-text = このサービスでは、2段階認証を試験的に提供しています。
mfa-experimental-help = 問題がある場合のご連絡先：
credential-synced = お使いのデバイス間で同期
credential-syncable = 現在はこのデバイスのみ（ほかのデバイスとの同期も可能）
credential-device-bound = 作成したデバイスにのみ保存
credential-key-bound = キー本体にのみ保存

confirm-now = 現在の状態
confirm-items = 対象
confirm-enable-title = 2段階認証を設定しますか？
confirm-enable-detail = 設定すると、パスワードを知っているだけではログインできなくなります。設定は1～2分で終わります。
confirm-disable-title = 2段階認証を無効にしますか？
confirm-disable-detail = すべての方法とリカバリーコードが削除されます。再び2段階認証を使用するには、もう一度設定が必要です。
confirm-remove-title = この方法を削除しますか？
confirm-remove-detail = 今後、ログインには使用できません。関連する秘密の情報は破棄されます。
confirm-regenerate-title = 新しいリカバリーコードを発行しますか？
confirm-regenerate-detail = 以前のリカバリーコードは、すべてすぐに使用できなくなります。新しいリカバリーコードが表示されるのは一度だけです。
confirm-whom = 対象は { $username } さんです。
confirm-last-warning = これは最後の方法です。削除すると、パスワードだけでログインできるようになります。

enrol-skip = 後で設定
enrol-skip-left = { $left ->
    [1] 後回しにできるのは、あと1回です。
   *[other] あと{ $left }回、後回しにできます。
}
enrol-skip-from = 必須になる日時：
done-enrolled = 2段階認証を設定しました
done-enrolled-detail = 今後、ログイン時に2段階認証を行います。
ui-reference = 照会番号：
remember-device = このブラウザでは{ $days }日間、2段階認証を省略する
remember-device-hint = 共用のパソコンでは選択しないでください。
devices-title = 2段階認証を省略するブラウザ
devices-lead = 表示されている日時まで、2段階認証は求められません。
devices-created = 登録日時
devices-used = 最終使用
devices-expires = 有効期限
devices-forget = 登録を解除
devices-forget-named = 登録を解除：{ $device }
device_forgotten = ブラウザの登録を解除しました。次回から2段階認証が必要です。

reason-requested = 「{ $client }」が今回、2段階認証を求めています。
reason-suggested = { $pool }では、2段階認証の設定をおすすめしています。
error-mfa-locked = このサービスでは2段階認証が必須のため、無効にできません。
error-not-allowed-here = このページを表示できるのは、このサイトの管理者だけです。
error-would-lock-out = { $count ->
    [1] 1人がログインできなくなります：{ $names }。その方が設定済みの方法を許可するか、先に方法を設定してもらってください。
   *[other] { $names }など、{ $count }人がログインできなくなります。その方々が設定済みの方法を許可するか、先に方法を設定してもらってください。
}
error-would-lock-out-admin = この設定を変更できる人がいなくなります（ログインできなくなる管理者：{ $names }）。先に別の管理者を追加してください。
error-nothing-changed = ログインできなくなる方がいるため、変更を行いませんでした。
error-factor-model-refused = このサービスでは、この機種のキーを使用できません。別のキーを使用するか、お問い合わせください。
error-factor-unverified = パスキーには、指紋、顔、PINのいずれかを確認するデバイスが必要ですが、確認が行われませんでした。別のデバイスを使用するか、セキュリティキーとして追加してください。
error-mail-limit = すでに複数の認証コードをお送りしています。最新の認証コードを使用するか、{ $minutes }分後にもう一度お試しください。
error-skips-used = これ以上、後回しにはできません。続けるには2段階認証を設定してください。
error-trace-unknown = この照会番号に該当する記録はありません。照会番号が表示されているページから、もう一度コピーしてください。
error-user-unknown = このユーザー名のユーザーは存在しません。入力内容を確認してください。

## Settings for admins

settings-title = 設定
settings-lead = { $pool }の管理者のための画面です。
settings-mfa-toggle = 全員の2段階認証
settings-mfa-off = 現在、2段階認証を提供していません。
settings-mfa-optional = 現在、2段階認証は任意です。
settings-mfa-required = 2段階認証は全員に必須です。
settings-will-enrol = { $count ->
    [0] 全員が設定済みです。
   *[other] { $count }人に、次回のログイン時に設定をお願いします。
}
settings-would-enrol = { $count ->
    [0] 全員が設定済みのため、必須にしても影響はありません。
   *[other] 必須にすると、{ $count }人に、次回のログイン時に設定をお願いすることになります。
}
settings-require = 全員に必須にする
settings-relax = 任意にする
settings-relax-hint = ご自身で2段階認証を設定した方には、引き続き2段階認証を求めます。
settings-reset-title = ほかの方の2段階認証をリセット
settings-reset-lead = スマートフォンとリカバリーコードの両方を紛失した方のための機能です。必ず先に、ご本人であることを確認してください。リセットすると、すべての方法が削除され、セッションが終了し、ご本人にメールが届きます。パスワードは変わりません。管理者がご本人としてログインすることはできません。
settings-reset-submit = 2段階認証をリセット
settings-explain-title = 認証を求めた理由の照会
settings-explain-lead = 認証を求められた理由を尋ねられた場合は、その方の画面に表示された照会番号をここに貼り付けてください。
settings-explain-trace = 照会番号
settings-explain-submit = 理由を表示
settings-blocked = ログインできなくなる方
settings_saved = 設定を保存しました。
factors_reset = 「{ $username }」の方法を{ $count }件削除しました。
explain-when = 日時
explain-user = ユーザー
explain-application = アプリ
explain-no-application = アカウント画面
explain-asked = 求めた操作
explain-with = 方法
explain-rule = 判断の根拠
explain-rule-version = ルール「{ $rule }」、バージョン{ $version }
explain-acr = 必要な認証レベル
explain-reasons = 理由
explain-outcome = 結果
explain-asked-first = ログイン
explain-asked-factor = 2段階認証
explain-asked-enrol = 2段階認証の設定
explain-asked-suggest = 2段階認証の設定（後回し可）
explain-asked-nothing = なし（このユーザーは必要な条件を満たせません）
explain-open = まだ応答がありません
explain-passed = 完了
explain-failed = 完了しませんでした

## Mails

mail-when = 日時：
mail-account = アカウント：
mail-not-you = お心当たりがない場合は、すぐにパスワードを変更し、ほかのセッションをすべて終了してください。
mail-help = お問い合わせ先：{ $email }
mail-verify-subject = 【{ $pool }】メールアドレスのご確認
mail-verify-lead = このメールアドレスで{ $pool }のアカウントを作成するリクエストを受け付けました。
mail-verify-after = リンクは{ $minutes }分間有効で、1回だけ使用できます。お心当たりがない場合は、何もする必要はありません。
mail-verify-action = 確認して続ける
mail-registered-subject = 【{ $pool }】すでにアカウントをお持ちです
mail-registered-lead = このメールアドレスで{ $pool }のアカウントを作成するリクエストを受け付けましたが、すでにアカウント「{ $account }」があります。
mail-registered-after = お心当たりがない場合は、何もする必要はありません。アカウントに変更はありません。
mail-registered-action = ログイン
mail-reset-subject = 【{ $pool }】パスワードの再設定
mail-reset-lead = { $pool }のアカウント「{ $account }」のパスワードを再設定するリクエストを受け付けました。
mail-reset-after = リンクは{ $minutes }分間有効で、1回だけ使用できます。お心当たりがない場合は、何もする必要はありません。パスワードに変更はありません。
mail-reset-action = 新しいパスワードを設定
mail-password-changed-subject = 【{ $pool }】パスワードが変更されました
mail-password-changed-lead = アカウント「{ $account }」のパスワードが変更されました。
mail-password-changed-after = ほかのセッションはすべてログアウトされました。
mail-factor-added-subject = 【{ $pool }】2段階認証の方法が追加されました
mail-factor-added-lead = 追加：{ $factor }「{ $label }」
mail-factor-added-after = 今後、ログインに使用できます。
mail-factor-removed-subject = 【{ $pool }】2段階認証の方法が削除されました
mail-factor-removed-lead = 削除：{ $factor }「{ $label }」
mail-factor-removed-after = 今後、ログインには使用できません。
mail-factor-disabled-subject = 【{ $pool }】2段階認証の方法が停止されました
mail-factor-disabled-lead = 誤ったコードの入力が多すぎたため停止：{ $factor }「{ $label }」
mail-factor-disabled-after = コードを試している人は、すでにパスワードを知っている可能性があります。ご自身の操作であれば、削除してから、もう一度設定してください。
mail-password-disabled-subject = { $pool } のパスワードが無効になりました
mail-password-disabled-lead = { $account } に対して誤ったパスワードが何度も入力されました。このアカウントで初めて使うブラウザでは、{ $account } としてパスワードでログインすることはできません。
mail-password-disabled-after = 以前サインインしたことのあるブラウザでは引き続き使えます。すべてのブラウザで使えるようにするには、新しいパスワードを設定してください。
mail-wrong-codes-subject = { $pool } のアカウントで誤った回答がありました
mail-wrong-codes-lead = { $account } の正しいパスワードが入力された後、誤った回答が何度も入力されました: { $factor }
mail-wrong-codes-after = サインインは成功していません。心当たりがない場合、パスワードが知られています。変更してください。
factor-recovery-used-subject = 【{ $pool }】リカバリーコードが使用されました
factor-recovery-used-lead = リカバリーコードを使用して、アカウント「{ $account }」へのログインが行われました。
factor-recovery-used-after = { $left ->
    [0] リカバリーコードは残っていません。
   *[other] リカバリーコードの残りは{ $left }個です。
}
factor-recovery-low-subject = 【{ $pool }】リカバリーコードが残りわずかです
factor-recovery-low-lead = { $left ->
    [0] リカバリーコードが残っていません。
   *[other] リカバリーコードの残りは{ $left }個です。
}
factor-recovery-low-after = アカウントのセキュリティ画面で、新しいリカバリーコードを発行してください。
mail-codes-regenerated-subject = 【{ $pool }】新しいリカバリーコードが発行されました
mail-codes-regenerated-lead = アカウント「{ $account }」の新しいリカバリーコードが発行されました。
mail-codes-regenerated-after = 以前のリカバリーコードは使用できません。
mail-new-device-subject = 【{ $pool }】新しいログインがありました
mail-new-device-lead = { $known ->
    [0] これまでに使用されていないブラウザから、アカウント「{ $account }」へのログインが行われました：{ $device }
   *[other] これまでに使用されていないブラウザから、アカウント「{ $account }」へのログインが行われました：{ $device }（{ $place }）
}
mail-new-device-after = ご自身の操作であれば、何もする必要はありません。
mail-held-back-subject = 【{ $pool }】アカウントに関するお知らせを一時的に控えています
mail-held-back-lead = アカウント「{ $account }」で多くの操作があったため、最長1時間、個々の操作についてのメールを送信しません。
mail-held-back-after = 記録は失われません。すべてアカウントの「アクティビティ」に記載されています。今すぐご確認ください。
mail-held-back-action = アクティビティを確認する
mail-factors-reset-subject = 【{ $pool }】2段階認証がリセットされました
mail-factors-reset-lead = 管理者が、アカウント「{ $account }」の2段階認証の方法をすべて削除しました。
mail-factors-reset-after = パスワードに変更はなく、セッションはすべて終了しました。ログインして、もう一度2段階認証を設定してください。
mail-mfa-disabled-subject = 【{ $pool }】2段階認証が無効になりました
mail-mfa-disabled-lead = アカウント「{ $account }」の2段階認証が無効になりました。
mail-mfa-disabled-after = 今後はパスワードだけでログインできます。
mail-password-reset-done-subject = 【{ $pool }】パスワードが再設定されました
mail-password-reset-done-lead = このメールアドレスにお送りしたリンクから、アカウント「{ $account }」のパスワードが再設定されました。
mail-password-reset-done-after = セッションはすべてログアウトされました。2段階認証の設定に変更はありません。

## Passkeys and security keys

factor-passkey-sign-in = パスキーでログイン
factor-passkey = パスキー
factor-passkey-description = 指紋、顔、またはデバイスの画面ロックを使用
factor-passkey-enrol-title = パスキーの作成
factor-passkey-enrol-text = パスキーは、デバイスまたはパスワードマネージャーに保存され、指紋、顔、PINのいずれかでロックを解除して使用します。作成すると、パスワードなしでログインできます。このサイトでのみ使用できます。
factor-passkey-verify-text = ボタンを押し、デバイスのロックを解除するときと同じ方法で、パスキーのロックを解除してください。
factor-passkey-wrong = このパスキーは認証できませんでした。もう一度お試しいただくか、別の方法を使用してください。
factor-security-key = セキュリティキー
factor-security-key-description = デバイスに差し込むか、かざして使用するキー
factor-security-key-enrol-title = セキュリティキーの追加
factor-security-key-enrol-text = セキュリティキーをご用意ください。差し込むタイミングや触れるタイミングは、ブラウザが案内します。
factor-security-key-verify-text = セキュリティキーを用意してボタンを押し、点滅したらキーに触れてください。
factor-security-key-wrong = このセキュリティキーは認証できませんでした。もう一度お試しいただくか、別の方法を使用してください。
webauthn-noscript = この操作にはJavaScriptが必要です。JavaScriptを有効にしてページを再読み込みするか、別の方法を使用してください。
webauthn-waiting = ブラウザが確認を求めています。ブラウザのウィンドウをご確認ください。
webauthn-denied = キャンセルされたか、時間がかかりすぎました。もう一度お試しください。
webauthn-denied-passkey = キャンセルされたか、時間がかかりすぎたか、パスキーに必要な指紋、顔、PINの確認がこのデバイスではできません。もう一度お試しいただくか、セキュリティキーなど別の方法を使用してください。
webauthn-known = これはすでに設定されています。別のものを使用してください。
webauthn-unsupported = このブラウザでは使用できません。別のブラウザまたは別の方法を使用してください。
webauthn-insecure = この操作は、正しいアドレスに安全に接続している場合にのみ行えます。アドレスを確認するか、別の方法を使用してください。
webauthn-failed = うまくいきませんでした。もう一度お試しいただくか、別の方法を使用してください。

## Codes by mail, clocks that are off, and a single recovery code

factor-email = メール認証コード
factor-email-description = メールでお送りする6桁の認証コード
factor-email-enrol-title = メール認証コードの設定
factor-email-wrong = 認証コードが正しくないか、無効になっています。有効なのは最新の認証コードだけで、有効期間は10分です。5回間違えた場合は、新しい認証コードを送信してください。
email-enrol-text = ログイン時に、アカウントのメールアドレスに認証コードをお送りします。その認証コードを入力してください。
email-sent = { $address }に認証コードをお送りしました。{ $minutes }分間有効です。
email-code = メールに記載された6桁の認証コード
email-hint = 届かない場合は、迷惑メールフォルダもご確認ください。
email-resend = 新しい認証コードを送信
factor-totp-drift-ahead = スマートフォンの時計が約{ $minutes }分進んでいるため、認証コードが一致しません。時刻を自動設定にしてから、アプリに表示される認証コードを入力してください。
factor-totp-drift-behind = スマートフォンの時計が約{ $minutes }分遅れているため、認証コードが一致しません。時刻を自動設定にしてから、アプリに表示される認証コードを入力してください。
totp-get-android = Android版{ $app }
totp-get-ios = iOS版{ $app }
factor-recovery-enrol-title-one = リカバリーコードの発行
factor-recovery-reveal-title-one = リカバリーコードの保存
recovery-enrol-text-one = スマートフォンが手元にないときに使用するリカバリーコードを1個発行します。表示されるのは、次のページで一度だけです。
codes-lead-one = スマートフォンを紛失しても、このリカバリーコードがあればログインできます。使用できるのは1回だけです。
codes-for-one = { $pool }のリカバリーコード（アカウント：{ $account }）
codes-once-one = このリカバリーコードは、次へ進むまでここに表示されます。大切な書類と一緒に保管してください。
codes-filename-one = リカバリーコード.txt
factor-email-mail-subject = 【{ $pool }】認証コードのお知らせ
factor-email-mail-lead = { $pool }にログインするための認証コード：{ $code }
factor-email-mail-after = 認証コードは{ $minutes }分間有効で、1回だけ使用できます。誰にも（私どもにも）教えないでください。ログインの操作をしていない場合は、第三者にパスワードを知られています。パスワードを変更してください。

## The mail address

field-new-email = 新しいメールアドレス
profile-email-change = メールアドレスを変更
profile-email-add = メールアドレスを追加
profile-email-prove = このメールアドレスを確認
pending-title = メールアドレスの確認
pending-lead = { $email }をここで使用できる場合は、確認コードが届きます。コードを入力するまで、何も変更されません。
pending-hint = 数分待っても届かない場合は、迷惑メールフォルダーを確認してください。1つのアドレスに送るメールは1時間に数通までです。
pending-code = 8桁のコード
pending-until = 有効期限
pending-submit = メールアドレスを確認
pending-cancel = このメールアドレスを取り消す
address-title = メールアドレス
address-lead = メールアドレスに確認コードを送ります。コードを入力すると、そのアドレスが有効になります。
address-current = 現在のメールアドレス
address-undo-hint = 現在のメールアドレスに通知が届きます。1週間以内であれば、そこから変更を取り消せます。
address-submit = コードを送信
email_unchanged = それはすでに現在のメールアドレスで、確認済みです。
email_code_wrong = コードが正しくありません。最新のメールに記載されたコードを使用するか、新しいコードを送信してください。
email_in_use = このメールアドレスは別のアカウントで使用されています。別のアドレスを使用してください。
email_proved = メールアドレスを確認しました。
address_set = { $username }のメールアドレスを{ $email }に変更しました。ご本人がプロフィールで確認するまでは未確認の扱いです。
done-address-restored = 元のメールアドレスに戻しました
done-address-restored-detail = すべてのセッションを終了しました。アドレスを変更した人がパスワードを知っている可能性があります。今すぐ新しいパスワードを設定してください。
done-address-in-use = 元のメールアドレスは現在、別のアカウントで使用されています
done-address-in-use-detail = すべてのセッションを終了し、新しいアドレスの確認を取り消しました。ログインしてご自分のアドレスを追加するか、サポートにお問い合わせください。
next-new-password = 新しいパスワードを設定
address-undo-title = 変更を取り消しますか？
address-undo-lead = アカウント「{ $account }」のメールアドレスを{ $email }に戻します。すべてのセッションが終了し、アドレスを変更した人もログアウトされます。
address-undo-submit = 変更を取り消す
settings-address-title = 利用者のメールアドレスを変更
settings-address-lead = メールを受信できなくなった方のための機能です。必ず先に、ご本人であることを確認してください。元のアドレスに通知が届き、そこから変更を取り消せます。新しいアドレスは、ご本人がプロフィールで確認するまでは未確認の扱いで、パスワードの再設定には使用できません。
settings-address-submit = メールアドレスを変更
mail-address-code-subject = 【{ $pool }】メールアドレスのご確認
mail-address-code-lead = { $pool }のアカウントでこのメールアドレスを使用するリクエストを受け付けました。確認するには、コードの入力を求めるページに次のコードを入力してください：{ $code }
mail-address-code-after = コードは{ $minutes }分間有効で、1回だけ使用できます。誰にも教えないでください。こちらからコードをお尋ねすることはありません。お心当たりがない場合は、何もする必要はありません。
mail-address-in-use-subject = 【{ $pool }】このメールアドレスはすでに使用されています
mail-address-in-use-lead = { $pool }の別のアカウントでこのメールアドレスを使用するリクエストがありましたが、すでに「{ $account }」で使用されているため、何も変更していません。
mail-address-in-use-after = ご本人の場合は、「{ $account }」でログインするか、別のメールアドレスを使用してください。お心当たりがない場合は、何もする必要はありません。アカウントに変更はありません。
mail-address-undo-subject = 【{ $pool }】メールアドレスが変更されました
mail-address-undo-lead = アカウント「{ $account }」のメールアドレスが変更されました。このアドレスは今後使用されません。
mail-address-undo-after = お心当たりがない場合は、変更を取り消してください。このアドレスに戻り、すべてのセッションが終了します。リンクは{ $days }日間有効で、1回だけ使用できます。その間、新しいアドレスでパスワードを再設定することはできません。
mail-address-undo-action = 変更を取り消す
mail-address-changed-subject = 【{ $pool }】アカウントのメールアドレスが変更されました
mail-address-changed-lead = アカウント「{ $account }」のメールアドレスが変更されました。このアドレスは今後使用されません。
mail-address-changed-after = このアカウントに関するメールは、今後こちらには届きません。

## Activity, a copy of one’s data, the end of an account

nav-activity = アクティビティ
nav-data = データ
home-activity = アカウントの履歴
home-data = コピーのダウンロード、アカウントの削除
activity-title = アクティビティ
activity-lead = アカウントの履歴です。新しいものから表示しています。
activity-none = まだありません。
activity-newest = 最新
activity-older = 以前の履歴
activity-pages = 一覧のページ
activity-advice = 心当たりのないものがある場合は、パスワードを変更し、ほかのセッションを終了してください：
activity-by-administrator = 管理者による操作
activity-sign-in = ログイン
activity-sign-out = ログアウト
activity-consent = アクセスを許可：{ $client }
activity-consent-refused = アクセスを拒否：{ $client }
activity-device-code-refused = 待っていないデバイスのコードを入力
activity-registered = アカウントを作成
activity-reset-asked = パスワード再設定のリンクを請求
activity-password-reset = メールのリンクでパスワードを再設定
activity-password-change = パスワードを変更
activity-password-change-refused = パスワードの変更に失敗：現在のパスワードが不正
activity-profile = プロフィールを変更
activity-address-asked = メールアドレスの確認コードを請求
activity-address-changed = メールアドレスを確認
activity-address-changed-refused = メールアドレスの確認コードが不正
activity-address-restored = メールアドレスの変更を取り消し
activity-data-exported = データのコピーをダウンロード
activity-application-revoked = 連携を解除：{ $client }
activity-session-revoked = セッションを終了
activity-sessions-revoked = ほかのすべてのセッションを終了
activity-browser-forgotten = 省略するブラウザの登録を解除
activity-factor-enrolled = 2段階認証の方法を追加
activity-factor-replaced = 2段階認証の方法を置き換え
activity-factor-renamed = 2段階認証の方法の名前を変更
activity-factor-removed = 2段階認証の方法を削除
activity-factors-chosen = 2段階認証を有効化
activity-factors-disabled = 2段階認証を無効化
activity-codes-regenerated = リカバリーコードを再発行
activity-factors-reset = 2段階認証の方法をすべて削除
activity-user-created = アカウントを作成
activity-user-updated = アカウントを変更
activity-user-disabled = アカウントを停止
activity-user-enabled = アカウントを再開
activity-password-set = パスワードを置き換え
activity-code-replayed = アプリケーションのアクセスを停止：コードが2回使用されました
activity-refresh-token-reused = アプリケーションのアクセスを停止：トークンが2回使用されました
activity-token-revoked = アプリケーションがアクセス権を返却しました
activity-password-refused = ログイン時にパスワードの誤り
activity-passwordless-refused = ログイン時にパスキーの誤り
activity-second-factor-refused = 2段階認証に失敗
data-title = データ
data-lead = 保存されているあなたのデータの確認と削除を行います。
data-export-title = コピーをダウンロード
data-export-lead = プロフィール、セッション、2段階認証の方法、連携アプリ、最近の履歴を含むJSON形式のファイルです。パスワード、鍵、コードは含まれません。
data-export-submit = ダウンロード
data-delete-title = アカウントの削除
data-delete-lead = 元に戻すことはできません。削除の前に、失われるものを表示します。
data-delete-submit = アカウントを削除
data-delete-off = アカウントの削除は管理者が行います。管理者にご連絡ください。
delete-title = アカウントを削除しますか？
delete-lead = 次のものが直ちに、完全に失われます：
delete-account = アカウント「{ $username }」とその名前、メールアドレス、パスワード
delete-sessions = すべてのセッション（{ $count }件）
delete-factors = 2段階認証の方法とリカバリーコード
delete-application = { $client }へのアクセスと、それを通じてのみ利用できるもの
delete-kept = サービスの安全のため、ユーザー名と接続元のアドレスを含む履歴は保存されます。アプリケーションが保存しているデータについては、各アプリケーションにお問い合わせください。
delete-type = 確認のため「{ $username }」と入力してください
delete-submit = アカウントを削除する
delete_mistyped = ユーザー名が一致しません。何も削除されていません。
delete_last_admin = このサイトを管理できるのはあなただけです。先に別の管理者を追加してください。
done-deleted = アカウントを削除しました
done-deleted-detail = すべての場所でログアウトしました。このウィンドウを閉じてかまいません。
mail-deleted-subject = 【{ $pool }】アカウントが削除されました
mail-deleted-lead = アカウント「{ $account }」が削除されました。ログイン中の利用者が、再認証のうえで請求したものです。
mail-deleted-after = データはすべて削除されました。お心当たりがない場合は、サポートにお問い合わせください。操作の履歴は保存されています。
