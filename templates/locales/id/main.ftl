# Indonesian (Bahasa Indonesia), formal "Anda"; has no plural forms, so only exact numbers such as [0] get a variant.

## Everywhere

ui-skip = Langsung ke konten
ui-demo-label = Tentang situs ini
ui-demo = Demonstrasi. Gunakan akun contoh saja; jangan masukkan kata sandi asli.
ui-help = Dapatkan bantuan
ui-language-switch = Ganti bahasa
ui-error-prefix = Kesalahan:
ui-show = Tampilkan
ui-hide = Sembunyikan
ui-show-password = Tampilkan kata sandi
ui-hide-password = Sembunyikan kata sandi
ui-copy = Salin
ui-copied = Disalin
ui-cancel = Batal
ui-save = Simpan
ui-switch-account = Bukan Anda? Gunakan akun lain
ui-back-to-login = Kembali ke halaman masuk
ui-sign-out = Keluar

nav-label = Akun Anda
nav-profile = Profil
nav-password = Kata sandi
nav-security = Keamanan
nav-sessions = Sesi
nav-apps = Aplikasi terhubung

field-username = Nama pengguna
field-username-hint = Huruf, angka, titik, tanda hubung, dan garis bawah. Anda menggunakannya untuk masuk.
field-identifier = Nama pengguna atau email
field-password = Kata sandi
field-current-password = Kata sandi saat ini
field-new-password = Kata sandi baru
field-password-hint = Minimal { $min } karakter. Gabungan beberapa kata yang tidak berkaitan adalah pilihan yang baik.
field-email = Email
field-name = Nama tampilan
field-name-hint = Opsional. Dapat ditampilkan oleh aplikasi yang Anda hubungkan.
field-locale = Bahasa

## Sign-in

login-title = Masuk
login-to-client = untuk melanjutkan ke { $client }
login-submit = Masuk
login-again-title = Konfirmasi kata sandi Anda
login-again-submit = Konfirmasi
login-forgot = Lupa kata sandi?
login-no-account = Belum punya akun?
login-register = Buat akun

factor-title = Verifikasi identitas Anda
factor-submit = Lanjutkan
factor-others = Ponsel hilang atau cara ini tidak berfungsi? Gunakan cara lain
factor-lost = Ponsel hilang? Pengelola situs ini dapat membantu Anda masuk.
factor-totp = Aplikasi autentikator
factor-totp-description = Kode enam digit dari aplikasi di ponsel Anda
factor-totp-enrol-title = Siapkan aplikasi autentikator
factor-recovery = Kode pemulihan
factor-recovery-description = Kode yang Anda simpan untuk saat ponsel tidak ada di dekat Anda
factor-recovery-enrol-title = Kode pemulihan Anda
factor-label = Nama perangkat ini
factor-label-hint = Agar mudah Anda kenali nanti, misalnya “Ponsel kantor”.

totp-code = Kode enam digit
totp-verify-hint = Buka aplikasi autentikator Anda, lalu masukkan kode yang ditampilkan.
totp-enrol-hint = Masukkan kode yang sedang ditampilkan aplikasi Anda.
totp-step-app = Sediakan aplikasi autentikator
totp-step-app-text = Semua aplikasi yang menampilkan kode enam digit dapat digunakan.
totp-no-app = Saya belum punya
totp-step-scan = Tambahkan akun ini ke aplikasi
totp-qr-name = Kode QR untuk menambahkan { $issuer }, akun { $account }, ke aplikasi autentikator
totp-scan-text = Pindai kode ini dengan aplikasi. Membuka halaman ini di ponsel? Buka aplikasinya langsung.
totp-open-app = Buka di aplikasi autentikator
totp-manual = Tidak bisa memindai? Masukkan secara manual
totp-keep = Simpan data akun dan kunci ini di tempat yang aman. Dengan keduanya, Anda dapat menyiapkan ponsel lain.
totp-issuer = Penerbit
totp-account = Akun
totp-secret = Kunci
totp-kind = Jenis
totp-kind-value = Berbasis waktu, 6 digit, setiap 30 detik
totp-step-code = Pastikan kodenya berfungsi

recovery-code = Kode pemulihan
recovery-enrol-text = Anda akan mendapatkan { $count } kode untuk saat ponsel tidak ada di dekat Anda. Kode hanya ditampilkan satu kali, di halaman berikutnya.
recovery-enrol-replaced = { $replaced } kode Anda yang belum terpakai tidak akan berlaku lagi.
recovery-verify-hint = Setiap kode berlaku satu kali. Tanda hubung, spasi, dan huruf besar atau kecil tidak berpengaruh.

enrol-title = Siapkan verifikasi kedua
enrol-forced = Anda dapat melanjutkan setelah ini selesai.
enrol-submit = Konfirmasi dan lanjutkan
enrol-choice-title = Pilih verifikasi kedua
enrol-choice-lead = Orang lain tidak dapat masuk meskipun mengetahui kata sandi Anda.

reveal-title = Simpan sekarang
reveal-next = Saya sudah menyimpannya
factor-recovery-reveal-title = Simpan kode pemulihan Anda
codes-lead = Jika ponsel Anda hilang, Anda dapat masuk dengan salah satu kode ini. Setiap kode berlaku satu kali.
codes-for = Kode pemulihan untuk { $pool }, akun { $account }
codes-once = Kode ini tetap tampil di sini sampai Anda melanjutkan. Simpan bersama dokumen penting Anda.
codes-copy = Salin
codes-download = Unduh
codes-print = Cetak
codes-filename = kode-pemulihan.txt

reason-policy-required = { $pool } mewajibkan verifikasi kedua bagi semua pengguna.
reason-policy-yours = { $pool } mewajibkan verifikasi kedua bagi Anda.
reason-app-requires = { $client } mewajibkan verifikasi kedua.
reason-enrolled = Verifikasi kedua sudah disiapkan untuk akun Anda.
reason-fresh = Untuk ini, konfirmasikan sekali lagi identitas Anda.
reason-recovered = Anda masuk dengan kode pemulihan. Untuk melanjutkan, siapkan kembali aplikasi autentikator: yang hilang tidak akan berlaku lagi.

consent-title = Izinkan akses?
consent-lead = { $client } ingin menggunakan akun { $pool } Anda.
consent-scopes = Aplikasi ini akan dapat
consent-allow = Izinkan
consent-deny = Jangan izinkan
consent-host = Anda akan diarahkan ke
consent-described = Aplikasi ini menjelaskan dirinya di:
consent-described-untrusted = Tidak ada yang mengenal aplikasi ini di sini. Izinkan hanya jika Anda memercayai situs yang menjelaskannya:
consent-registered = Aplikasi ini mendaftar sendiri dan namanya belum diperiksa oleh siapa pun. Izinkan hanya jika Anda mengenal alamatnya:
consent-revoke = Anda dapat mencabut izin ini kapan saja di akun Anda.

device-title = Hubungkan perangkat
device-lead = Ketik kode yang ditampilkan perangkat.
device-lead-compare = Apakah perangkat menampilkan persis kode ini? Lanjutkan hanya jika ya.
device-code-field = Kode
device-code-hint = Delapan huruf, misalnya WDJB-MJHT
device-fine = Apakah seseorang mengirim kode ini atau menyebutkannya lewat telepon? Jangan lanjutkan: orang itu akan masuk ke akun Anda.
device-code-wrong = Tidak ada perangkat yang menunggu dengan kode ini, atau sudah tidak lagi. Lihat lagi perangkatnya, atau minta kode baru di sana.
device-consent-title = Izinkan perangkat ini masuk?
device-consent-lead = { $client } di perangkat lain ingin menggunakan akun { $pool } Anda.
device-warning = Izinkan hanya jika Anda sendiri baru saja memulainya dan perangkat di depan Anda menampilkan kode ini.
device-code-shown = Kode di perangkat
device-asked = Diminta
device-allowed = Perangkat terhubung
device-allowed-detail = { $client } akan segera berlanjut di perangkat. Anda dapat menutup jendela ini.
device-denied = Perangkat tidak diizinkan masuk
device-denied-detail = { $client } tidak mendapat apa pun dari akun Anda. Anda dapat menutup jendela ini.

scope-openid = Mengetahui siapa Anda
scope-openid-description = Pengenal tetap dan cara Anda masuk
scope-profile = Melihat profil Anda
scope-profile-description = Nama, nama pengguna, bahasa, dan yang tertulis tentang Anda di profil
scope-email = Melihat alamat email Anda
scope-email-description = Alamat dan status konfirmasinya
scope-groups = Melihat grup Anda
scope-groups-description = Nama-nama grup Anda di sini
scope-address = Melihat alamat pos Anda
scope-address-description = Jalan, kode pos, kota, wilayah, dan negara, sejauh ada di profil Anda
scope-phone = Melihat nomor telepon Anda
scope-phone-description = Nomornya, dan apakah sudah terkonfirmasi
scope-roles = Melihat peran Anda
scope-roles-description = Nama-nama peran yang diberikan administrator kepada Anda
scope-own = Membagikan: { $names }
scope-api = Menggunakan { $api } atas nama Anda
scope-offline_access = Tetap terhubung
scope-offline_access-description = Mempertahankan akses ini saat Anda sedang tidak aktif

## Account by mail

register-title = Buat akun
register-lead = Kami akan mengirimkan tautan untuk memulai.
register-submit = Kirim tautan
register-have-account = Sudah punya akun?
register-complete-title = Lengkapi akun Anda
register-complete-lead = { $email } telah dikonfirmasi.
register-complete-submit = Buat akun
mail-sent-title = Periksa email Anda
mail-sent-register = Jika alamat tersebut dapat digunakan di sini, email berisi langkah berikutnya sedang dikirim.
mail-sent-reset = Jika ada akun yang cocok, email berisi tautan sedang dikirim.
mail-sent-hint = Belum ada email setelah beberapa menit? Periksa folder spam, lalu coba lagi. Hanya beberapa email per jam dikirim ke satu alamat.
reset-title = Atur ulang kata sandi
reset-lead = Beri tahu kami siapa Anda. Kami akan mengirimkan tautan ke alamat email akun Anda.
reset-submit = Kirim tautan
reset-form-title = Pilih kata sandi baru
reset-form-submit = Tetapkan kata sandi
reset-form-note = Semua sesi Anda yang lain akan diakhiri. Verifikasi kedua Anda tidak berubah.
done-reset = Kata sandi diubah
done-reset-detail = Masuk dengan kata sandi baru Anda.
done-registered = Selamat datang
done-registered-detail = Akun Anda siap digunakan.
done-cancelled = Proses masuk dibatalkan
done-cancelled-detail = Tidak ada yang berubah. Anda dapat menutup jendela ini.
done-recovered = Anda sudah masuk
done-recovered-advice = Jika perangkat Anda hilang, hapus sekarang dan siapkan yang lain: sampai saat itu perangkat tersebut masih dapat membuka akun Anda.
done-recovered-detail = Kode pemulihan tersebut sudah terpakai. Jika perangkat Anda hilang, hapus perangkat itu dan siapkan yang lain.
done-recovered-left = Kode pemulihan tersebut sudah terpakai. { $left ->
    [0] Itu kode terakhir: buat kode baru di akun Anda.
    [1] Tersisa satu kode: buat kode baru di akun Anda.
   *[other] Tersisa { $left } kode.
}
codes-shown = Kode pemulihan Anda sudah ditampilkan
codes-shown-detail = Kode hanya ditampilkan satu kali. Jika Anda belum menyimpannya, buat kode baru di halaman keamanan akun Anda.
proved_fresh = Terima kasih. Selama beberapa menit ke depan, Anda dapat mengubah metode verifikasi Anda.
next-continue = Lanjutkan
next-security = Buka halaman keamanan
next-replace = Ganti perangkat yang hilang
next-sign-in = Masuk
next-account = Buka akun Anda

## Signing out

answer-title = Kembali ke aplikasi
answer-lead-client = Proses masuk berlanjut di { $client }.
answer-lead = Proses masuk berlanjut di aplikasi.

logout-title = Keluar dari akun?
logout-lead = Anda sudah masuk ke { $pool }.
logout-lead-client = { $client } meminta agar Anda keluar dari { $pool }.
logout-confirm = Keluar
logout-stay = Tetap masuk
signed-out-title = Berhasil keluar
signed-out-lead = Anda sudah keluar dari { $pool } di browser ini.
signed-out-back-client = Kembali ke { $client }

## User center

profile-title = Profil
profile-lead = Beginilah Anda terlihat oleh aplikasi yang Anda hubungkan.
profile-verified = Terkonfirmasi
profile-unverified = Belum dikonfirmasi
profile-locale-auto = Ikuti browser saya
profile-field-given_name = Nama depan
profile-field-middle_name = Nama tengah
profile-field-family_name = Nama belakang
profile-field-nickname = Nama panggilan
profile-field-gender = Jenis kelamin
profile-field-birthdate = Tanggal lahir
profile-field-phone_number = Nomor telepon
profile-field-street_address = Jalan dan nomor
profile-field-postal_code = Kode pos
profile-field-locality = Kota
profile-field-region = Provinsi atau wilayah
profile-field-country = Negara
profile-field-zoneinfo = Zona waktu
profile-field-picture = Gambar
profile-field-profile = Halaman tentang Anda
profile-field-website = Situs web
profile-details = Tentang Anda
profile-details-lead = Semuanya opsional. Aplikasi hanya mendapat yang dimintanya.
profile-yes = Ya
profile-no = Tidak
profile-not-set = Tidak disebutkan
profile-hint-birthdate = 1990-12-31. Tanpa tahun: 0000-12-31. Hanya tahun: 1990.
profile-hint-phone_number = Dengan kode negara, misalnya +62 21 1234 5678.
profile-hint-zoneinfo = Misalnya Asia/Jakarta.
profile-hint-picture = Alamat https sebuah gambar.
profile-hint-page = Alamat sebuah halaman, dengan https://
profile-hint-lines = Satu nilai per baris.
password-title = Kata sandi
password-lead = Jika kata sandi diubah, semua sesi Anda yang lain akan diakhiri.
password-submit = Ubah kata sandi
security-title = Keamanan
security-active = Verifikasi kedua diminta saat Anda masuk.
security-inactive = Akun Anda hanya dilindungi kata sandi. Dengan verifikasi kedua, orang lain tidak dapat masuk.
security-factors = Verifikasi kedua
security-none = Belum ada yang disiapkan.
security-add = Tambahkan: { $factor }
security-added = Ditambahkan pada
security-used = terakhir digunakan pada
security-never-used = belum pernah digunakan
security-disabled = Dinonaktifkan
security-disabled-text = Terlalu banyak kode salah yang dimasukkan. Hapus, lalu siapkan kembali.
security-manage = Ganti nama atau hapus
security-rename = Ganti nama
security-remove-named = Hapus { $label }
security-codes-left = { $left ->
    [0] Tidak ada kode tersisa dari { $total } kode.
   *[other] Tersisa { $left } dari { $total } kode.
}
security-codes-low = Buat kode baru sekarang agar Anda tidak kehilangan akses ke akun.
security-regenerate-hint = Kode lama Anda langsung tidak berlaku.
sessions-title = Sesi
sessions-lead = Perangkat yang sedang masuk ke akun Anda. Akhiri sesi yang tidak Anda kenali, lalu ubah kata sandi Anda.
sessions-current = Sesi ini
sessions-started = Masuk pada
sessions-seen = Terakhir aktif pada
sessions-revoke = Akhiri
sessions-revoke-named = Akhiri sesi: { $device }
sessions-revoke-others = Akhiri semua sesi lain
apps-title = Aplikasi terhubung
apps-lead = Aplikasi yang Anda izinkan menggunakan akun Anda.
apps-none = Tidak ada aplikasi yang memiliki akses.
apps-may-see = Izin:
apps-granted = Diizinkan pada
apps-used = Terakhir digunakan pada
apps-revoke = Putuskan koneksi
apps-revoke-named = Putuskan koneksi { $client }
policy-off = Verifikasi kedua tidak ditawarkan di sini.
policy-off-asked = Verifikasi kedua yang baru tidak ditawarkan di sini. Verifikasi Anda tetap diminta.
policy-optional = Verifikasi kedua bersifat opsional di sini, kecuali jika suatu aplikasi memintanya.
policy-announced = Untuk saat ini Anda dapat menunda verifikasi kedua. Setelah itu, verifikasi kedua wajib bagi Anda.
policy-required = Verifikasi kedua wajib di sini, jadi yang terakhir tidak dapat dihapus.
acr-1fa = Masuk dengan satu langkah
acr-mfa = Masuk dengan dua langkah
acr-phr = Masuk dengan kunci sandi atau kunci keamanan
acr-phrh = Masuk dengan kunci yang tidak dapat disalin

## What went wrong and what to do

credentials_wrong = Nama pengguna dan kata sandi tidak cocok. Periksa keduanya, lalu coba lagi.
throttled = Terlalu banyak percobaan. Coba lagi dalam { $minutes } menit.
throttled_seconds = Terlalu banyak percobaan. Coba lagi dalam { $seconds } detik.
code_wrong = Kode tidak valid atau sudah terpakai. Tunggu kode berikutnya, lalu masukkan.
code_refused = Kode itu tidak diterima.
factor-totp-wrong = Kode tidak valid atau sudah terpakai. Tunggu kode berikutnya, lalu masukkan.
factor-recovery-wrong = Kode pemulihan tidak valid atau sudah terpakai. Coba kode lain.
code_malformed = Masukkan kode persis seperti yang ditampilkan.
factor_disabled = Metode ini dinonaktifkan karena terlalu banyak kode salah. Gunakan metode lain.
factor_unavailable = Metode ini tidak tersedia. Gunakan metode lain.
flow_expired = Proses masuk ini terlalu lama atau sudah diselesaikan di tempat lain. Jika Anda datang dari sebuah aplikasi, kembalilah ke sana; atau mulai lagi di sini.
ceremony_expired = Prosesnya terlalu lama. Silakan mulai lagi di sini.
form_expired = Halaman ini terbuka terlalu lama atau berasal dari sesi lain. Kembali, muat ulang halaman, lalu coba lagi.
field_missing = Isi semua kolom.
sign_in_again = Silakan masuk lagi untuk melanjutkan.
sign_in_fresh = Aplikasi meminta Anda masuk lagi.
account_locked = Akun ini sedang tidak dapat digunakan. Silakan minta bantuan.
password_too_short = Gunakan minimal { $min } karakter untuk kata sandi Anda.
password_too_long = Kata sandi terlalu panjang. Gunakan yang lebih pendek.
password_common = Kata sandi ini pernah muncul dalam kebocoran data atau mudah ditebak. Pilih yang lain.
password_contains_identity = Kata sandi tidak boleh memuat nama Anda, alamat Anda, atau nama situs ini.
password_current_wrong = Kata sandi saat ini salah.
password_unchanged = Itu kata sandi Anda saat ini. Pilih yang lain.
username_taken = Nama pengguna ini tidak tersedia. Pilih yang lain.
username_invalid = Gunakan paling banyak 64 huruf, angka, titik, tanda hubung, dan garis bawah untuk nama pengguna.
email_invalid = Masukkan alamat email lengkap, misalnya nama@example.org.
name_invalid = Gunakan nama yang lebih pendek, tanpa karakter khusus.
label_invalid = Beri perangkat nama yang singkat.
locale_invalid = Pilih salah satu bahasa dalam daftar.
profile_field_invalid = Periksa kolom yang ditandai: nilainya tidak dapat disimpan seperti ini.
link_invalid_or_used = Tautan ini sudah kedaluwarsa atau sudah digunakan. Minta tautan baru.
link_used_up = Terlalu banyak percobaan dengan tautan ini. Minta tautan baru.
gone = Item itu sudah tidak ada. Muat ulang halaman untuk melihat yang terbaru.
factor_required = Verifikasi kedua wajib di sini. Tambahkan yang lain sebelum menghapus yang ini.
profile_saved = Profil disimpan.
password_changed = Kata sandi diubah. Sesi Anda yang lain telah diakhiri.
factor_added = Verifikasi kedua ditambahkan.
factor_removed = Verifikasi kedua dihapus.
factor_renamed = Nama diubah.
codes_regenerated = Anda memiliki kode pemulihan baru. Kode lama tidak berlaku lagi.
session_revoked = Sesi diakhiri.
sessions_revoked = Semua sesi lain diakhiri.
app_revoked = Koneksi aplikasi diputuskan.
codes_low = { $left ->
    [0] Kode pemulihan Anda sudah habis. Buat kode baru sekarang.
   *[other] Kode pemulihan Anda tersisa { $left }. Buat kode baru sekarang.
}

title-cannot-continue = Tidak dapat melanjutkan
title-not-found = Tidak ada apa-apa di sini
title-too-many = Mohon tunggu sebentar
title-our-fault = Terjadi gangguan di sistem kami
title-link = Tautan ini tidak berlaku lagi
error-back = Buka akun Anda
error-code = Kesalahan
error-request-id = Permintaan
unknown_host = Tidak ada layanan masuk di alamat ini. Periksa alamat di browser Anda.
not_found = Periksa alamatnya, atau kembali ke aplikasi sebelumnya.
method_not_allowed = Alamat ini tidak menerima jenis permintaan tersebut.
too_large = Data yang dikirim terlalu besar.
timeout = Prosesnya terlalu lama. Coba lagi.
malformed_request = Data yang dikirim tidak dapat dibaca. Kembali, lalu coba lagi.
unsupported_media_type = Alamat ini hanya menerima formulir.
internal_error = Ini bukan kesalahan Anda dan tidak ada yang berubah. Coba lagi sebentar lagi; jika masih terjadi, sampaikan nomor permintaan kepada kami.
unavailable = Layanan sedang sibuk atau dalam pemeliharaan. Coba lagi sebentar lagi.
forbidden = Akun Anda tidak diizinkan melakukan ini.
cross_site = Permintaan itu berasal dari situs lain, jadi kami tidak memprosesnya.
feature_off = Fitur ini tidak tersedia di sini.
client_unknown = Aplikasi yang mengarahkan Anda ke sini tidak terdaftar. Beri tahu pengembangnya.
redirect_uri_invalid = Aplikasi ingin mengarahkan Anda ke alamat yang tidak terdaftar untuk aplikasi itu. Demi keamanan Anda, kami berhenti di sini. Beri tahu pengembangnya.
error-arrived-client = Aplikasi yang meminta (client_id)
error-arrived-address = Alamat yang diterima
error-advice-register = Untuk pengembang aplikasi: jika alamat ini benar, daftarkan teks ini persis sama, huruf demi huruf. Yang terdaftar saat ini tercatat di log server ini pada nomor permintaan di bawah.
error-advice-unfit = Untuk pengembang aplikasi: alamat ini juga tidak dapat didaftarkan. Gunakan alamat yang diizinkan, daftarkan, lalu kirim teks yang persis sama.
error-advice-client = Untuk pengembang aplikasi: kirim client_id yang terdaftar di sini, atau minta agar yang ini didaftarkan. Rinciannya ada di log server ini pada nomor permintaan di bawah.
error-advice-request = Untuk pengembang aplikasi: baris “Kesalahan” menyebutkan apa yang salah. Rinciannya ada di log server ini pada nomor permintaan di bawah.
authorize_request_invalid = Aplikasi meminta Anda masuk dengan permintaan yang tidak dapat dijawab. Ini bukan kesalahan Anda. Beri tahu pengembangnya.
signout_unreadable = Aplikasi meminta Anda keluar dengan pesan yang tidak dapat dibaca. Tidak ada yang diubah, dan ini bukan kesalahan Anda. Beri tahu pengembangnya.
signout_no_application = Aplikasi ingin mengarahkan Anda ke sebuah alamat setelah keluar, tetapi tidak menyebutkan aplikasi mana. Tidak ada yang diubah, dan ini bukan kesalahan Anda. Beri tahu pengembangnya.
signout_other_application = Permintaan keluar menyebut satu aplikasi tetapi membawa token aplikasi lain. Tidak ada yang diubah, dan ini bukan kesalahan Anda. Beri tahu pengembang aplikasi itu.
signout_address = Setelah keluar, aplikasi ingin mengarahkan Anda ke alamat yang tidak terdaftar untuk aplikasi itu. Demi keamanan Anda, kami berhenti di sini; tidak ada yang diubah. Beri tahu pengembangnya.
next-sign-out = Keluar di sini
next-start-again = Mulai lagi

## Second steps: how they stand, and changing them

nav-home = Ringkasan
nav-settings = Pengaturan
home-title = Ringkasan
home-greeting = Halo, { $name }
home-links = Akun Anda
home-profile = Nama dan bahasa Anda
home-password = Ubah kata sandi Anda
home-security = Verifikasi kedua dan kode pemulihan
home-sessions = Perangkat yang sedang masuk ke akun Anda
home-apps = Aplikasi yang dapat menggunakan akun Anda
home-settings = Aturan untuk semua pengguna dan bantuan bagi yang mengalami kendala

mfa-card-title = Verifikasi kedua saat masuk
mfa-card-on = Aktif: verifikasi kedua diminta saat Anda masuk.
mfa-card-off = Tidak aktif: akun Anda hanya dilindungi kata sandi.
mfa-card-required = Aktif, dan wajib di sini.
mfa-card-count = { $count } metode telah disiapkan.
mfa-locked = Verifikasi kedua tidak dapat dinonaktifkan di sini.
mfa-locked-warning = Setelah diaktifkan, verifikasi kedua tidak dapat dinonaktifkan lagi.
mfa-enable = Siapkan verifikasi kedua
mfa-manage = Kelola verifikasi kedua
mfa-replace = Ganti dengan yang baru
security-replace = Ganti: { $factor }
enrol-replaces = Begitu dikonfirmasi, metode ini akan menggantikan metode Anda saat ini.
mfa-disable = Nonaktifkan
mfa-regenerate = Buat kode baru
mfa-remove = Hapus
mfa-enabled = Verifikasi kedua Anda aktif.
mfa-disabled = Verifikasi kedua Anda dinonaktifkan. Mulai sekarang, Anda cukup masuk dengan kata sandi.
mfa-experimental = Eksperimental
mfa-experimental-text = Verifikasi kedua masih dalam tahap uji coba di sini.
mfa-experimental-help = Ada masalah? Kirim email ke
credential-synced = Disinkronkan di semua perangkat Anda
credential-syncable = Hanya di perangkat ini; dapat juga disinkronkan ke perangkat Anda yang lain
credential-device-bound = Tetap di perangkat tempat dibuat
credential-key-bound = Tetap di kunci

confirm-now = Saat ini
confirm-items = Berlaku untuk
confirm-enable-title = Siapkan verifikasi kedua?
confirm-enable-detail = Setelah itu, kata sandi saja tidak cukup untuk masuk. Prosesnya memerlukan satu atau dua menit.
confirm-disable-title = Nonaktifkan verifikasi kedua?
confirm-disable-detail = Semua metode dan kode pemulihan Anda akan dihapus. Untuk menggunakan verifikasi kedua lagi, Anda perlu menyiapkannya dari awal.
confirm-remove-title = Hapus metode ini?
confirm-remove-detail = Metode ini tidak dapat lagi digunakan untuk masuk, dan data rahasianya akan dimusnahkan.
confirm-regenerate-title = Buat kode pemulihan baru?
confirm-regenerate-detail = Semua kode lama Anda langsung tidak berlaku. Kode baru hanya ditampilkan satu kali.
confirm-whom = Ini tentang { $username }.
confirm-last-warning = Ini metode terakhir Anda. Setelah itu, kata sandi saja cukup untuk masuk.

enrol-skip = Nanti saja
enrol-skip-left = Anda dapat menunda ini { $left } kali lagi.
enrol-skip-from = Wajib mulai
done-enrolled = Verifikasi kedua Anda telah disiapkan
done-enrolled-detail = Mulai sekarang, verifikasi kedua diminta saat Anda masuk.
ui-reference = Referensi:
remember-device = Jangan minta lagi di browser ini selama { $days } hari
remember-device-hint = Jangan pilih ini di komputer yang digunakan bersama.
devices-title = Browser yang diingat
devices-lead = Verifikasi kedua tidak akan diminta lagi di browser berikut sampai waktu yang tertera.
devices-created = Diingat sejak
devices-used = Terakhir digunakan pada
devices-expires = Berlaku hingga
devices-forget = Lupakan
devices-forget-named = Lupakan { $device }
device_forgotten = Browser dilupakan. Verifikasi kedua akan diminta lagi di browser itu.

reason-requested = Kali ini, { $client } meminta verifikasi kedua.
reason-suggested = { $pool } menyarankan Anda menyiapkan verifikasi kedua.
error-mfa-locked = Verifikasi kedua wajib di sini dan tidak dapat dinonaktifkan.
error-not-allowed-here = Halaman ini hanya dapat dibuka oleh pengelola situs.
error-would-lock-out = { $count ->
    [1] Satu pengguna tidak akan dapat masuk lagi: { $names }. Izinkan metode yang dimilikinya, atau biarkan pengguna itu menyiapkan metode terlebih dahulu.
   *[other] { $count } pengguna tidak akan dapat masuk lagi, di antaranya { $names }. Izinkan metode yang mereka miliki, atau biarkan mereka menyiapkan metode terlebih dahulu.
}
error-would-lock-out-admin = Tidak akan ada lagi yang dapat mengubah pengaturan ini: { $names } tidak akan dapat masuk lagi. Tambahkan admin lain terlebih dahulu.
error-nothing-changed = Perubahan itu akan membuat sebagian pengguna tidak dapat masuk, jadi tidak ada yang diubah.
error-factor-model-refused = Model kunci ini tidak diizinkan di sini. Gunakan kunci lain, atau minta bantuan.
error-factor-unverified = Kunci sandi memerlukan perangkat yang memeriksa sidik jari, wajah, atau PIN Anda, sedangkan perangkat ini tidak melakukannya. Gunakan perangkat lain, atau tambahkan sebagai kunci keamanan.
error-mail-limit = Beberapa kode sudah dikirim. Gunakan yang terbaru, atau coba lagi dalam { $minutes } menit.
error-skips-used = Ini tidak dapat ditunda lagi. Siapkan verifikasi kedua untuk melanjutkan.
error-trace-unknown = Tidak ada data dengan referensi ini di sini. Salin lagi dari halaman yang menampilkannya.
error-user-unknown = Tidak ada pengguna dengan nama itu. Periksa ejaannya.

## Settings for admins

settings-title = Pengaturan
settings-lead = Untuk pengelola { $pool }.
settings-mfa-toggle = Verifikasi kedua untuk semua pengguna
settings-mfa-off = Saat ini tidak tersedia di sini.
settings-mfa-optional = Saat ini setiap pengguna dapat memilih sendiri.
settings-mfa-required = Wajib bagi semua pengguna.
settings-will-enrol = { $count ->
    [0] Semua pengguna sudah menyiapkannya.
   *[other] { $count } pengguna akan diminta menyiapkannya saat masuk berikutnya.
}
settings-would-enrol = { $count ->
    [0] Semua pengguna sudah menyiapkannya, jadi tidak akan ada yang merasakan perubahan.
   *[other] Jika diwajibkan, { $count } pengguna akan diminta menyiapkannya saat masuk berikutnya.
}
settings-require = Wajibkan bagi semua pengguna
settings-relax = Biarkan setiap pengguna memilih
settings-relax-hint = Verifikasi kedua tetap diminta dari pengguna yang menyiapkannya atas pilihan sendiri.
settings-reset-title = Atur ulang verifikasi kedua pengguna
settings-reset-lead = Untuk pengguna yang kehilangan ponsel dan kode pemulihannya. Pastikan dahulu bahwa ia memang pemilik akun. Semua metodenya akan dihapus, sesinya diakhiri, dan email pemberitahuan dikirim kepadanya. Kata sandinya tidak berubah; Anda tidak dapat masuk sebagai pengguna itu.
settings-reset-submit = Atur ulang verifikasi kedua
settings-explain-title = Jelaskan permintaan verifikasi
settings-explain-lead = Ada pengguna yang bertanya mengapa verifikasi diminta? Halaman yang dilihatnya menampilkan referensi: tempelkan di sini.
settings-explain-trace = Referensi
settings-explain-submit = Jelaskan
settings-blocked = Pengguna yang tidak akan dapat masuk
settings_saved = Pengaturan disimpan.
factors_reset = { $count } metode milik { $username } telah dihapus.
explain-when = Waktu
explain-user = Pengguna
explain-application = Aplikasi
explain-no-application = Pusat akun
explain-asked = Yang diminta
explain-with = Melalui
explain-rule = Diputuskan oleh
explain-rule-version = aturan { $rule }, versi { $version }
explain-acr = Tingkat yang diperlukan
explain-reasons = Alasan
explain-outcome = Hasil
explain-asked-first = Proses masuk
explain-asked-factor = Verifikasi kedua
explain-asked-enrol = Penyiapan verifikasi kedua
explain-asked-suggest = Penyiapan verifikasi kedua, yang dapat ditunda
explain-asked-nothing = Tidak ada: syaratnya tidak dapat dipenuhi pengguna ini
explain-open = Belum ada jawaban
explain-passed = Terpenuhi
explain-failed = Tidak terpenuhi

## Mails

mail-when = Waktu:
mail-account = Akun:
mail-not-you = Jika ini bukan Anda, segera ubah kata sandi dan akhiri semua sesi lain.
mail-help = Ada pertanyaan? Kirim email ke { $email }.
mail-verify-subject = Konfirmasi alamat Anda untuk { $pool }
mail-verify-lead = Seseorang, semoga Anda sendiri, ingin membuat akun di { $pool } dengan alamat ini.
mail-verify-after = Tautan berlaku selama { $minutes } menit dan hanya untuk satu kali penggunaan. Jika ini bukan Anda, abaikan saja email ini.
mail-verify-action = Konfirmasi dan lanjutkan
mail-registered-subject = Anda sudah memiliki akun di { $pool }
mail-registered-lead = Seseorang, semoga Anda sendiri, mencoba membuat akun di { $pool } dengan alamat ini. Akunnya sudah ada: { $account }.
mail-registered-after = Jika ini bukan Anda, abaikan saja email ini. Akun Anda tidak berubah.
mail-registered-action = Masuk
mail-reset-subject = Atur ulang kata sandi Anda untuk { $pool }
mail-reset-lead = Seseorang, semoga Anda sendiri, meminta pengaturan ulang kata sandi { $account } di { $pool }.
mail-reset-after = Tautan berlaku selama { $minutes } menit dan hanya untuk satu kali penggunaan. Jika ini bukan Anda, abaikan saja email ini. Kata sandi Anda tidak berubah.
mail-reset-action = Pilih kata sandi baru
mail-password-changed-subject = Kata sandi Anda untuk { $pool } telah diubah
mail-password-changed-lead = Kata sandi { $account } telah diubah.
mail-password-changed-after = Semua sesi lain telah diakhiri.
mail-factor-added-subject = Verifikasi kedua ditambahkan ke akun Anda di { $pool }
mail-factor-added-lead = Ditambahkan: { $factor } “{ $label }”.
mail-factor-added-after = Mulai sekarang, metode ini dapat digunakan untuk masuk.
mail-factor-removed-subject = Verifikasi kedua dihapus dari akun Anda di { $pool }
mail-factor-removed-lead = Dihapus: { $factor } “{ $label }”.
mail-factor-removed-after = Metode ini tidak dapat lagi digunakan untuk masuk.
mail-factor-disabled-subject = Verifikasi kedua dinonaktifkan di { $pool }
mail-factor-disabled-lead = Dinonaktifkan karena terlalu banyak kode salah: { $factor } “{ $label }”.
mail-factor-disabled-after = Orang yang mencoba-coba kode biasanya sudah mengetahui kata sandinya. Jika itu Anda sendiri, hapus metode ini, lalu siapkan kembali.
mail-password-disabled-subject = Kata sandi Anda di { $pool } dinonaktifkan
mail-password-disabled-lead = Seseorang mencoba terlalu banyak kata sandi yang salah untuk { $account }. Di browser yang baru bagi akun Anda, tidak ada lagi yang dapat masuk sebagai { $account } dengan kata sandi.
mail-password-disabled-after = Di browser tempat Anda pernah masuk, kata sandi tetap berlaku. Agar berlaku lagi di mana saja, buat kata sandi baru.
mail-wrong-codes-subject = Jawaban salah pada akun Anda di { $pool }
mail-wrong-codes-lead = Seseorang memasukkan kata sandi { $account } yang benar, lalu terlalu banyak jawaban yang salah: { $factor }.
mail-wrong-codes-after = Mereka tidak berhasil masuk. Jika itu bukan Anda, seseorang tahu kata sandi Anda: gantilah.
factor-recovery-used-subject = Kode pemulihan digunakan di { $pool }
factor-recovery-used-lead = Seseorang masuk ke { $account } dengan kode pemulihan.
factor-recovery-used-after = { $left ->
    [0] Tidak ada kode tersisa.
   *[other] Tersisa { $left } kode.
}
factor-recovery-low-subject = Kode pemulihan di { $pool } hampir habis
factor-recovery-low-lead = { $left ->
    [0] Kode pemulihan Anda sudah habis.
   *[other] Kode pemulihan Anda tersisa { $left }.
}
factor-recovery-low-after = Buat kode baru di halaman keamanan akun Anda.
mail-codes-regenerated-subject = Kode pemulihan baru untuk { $pool }
mail-codes-regenerated-lead = Kode pemulihan baru telah dibuat untuk { $account }.
mail-codes-regenerated-after = Kode lama tidak berlaku lagi.
mail-new-device-subject = Aktivitas masuk baru di { $pool }
mail-new-device-lead = { $known ->
    [0] Seseorang masuk ke { $account } dari browser yang belum pernah kami lihat: { $device }.
   *[other] Seseorang masuk ke { $account } dari browser yang belum pernah kami lihat: { $device }, { $place }.
}
mail-new-device-after = Jika itu Anda sendiri, Anda tidak perlu melakukan apa pun.
mail-held-back-subject = { $pool } menahan email lain tentang akun Anda
mail-held-back-lead = Begitu banyak yang terjadi pada akun { $account } sehingga selama paling lama satu jam kami tidak lagi mengirim email untuk setiap kejadian.
mail-held-back-after = Tidak ada yang hilang: semuanya tercantum di akun Anda, di bagian “Aktivitas”. Periksa sekarang.
mail-held-back-action = Lihat apa yang terjadi
mail-factors-reset-subject = Verifikasi kedua Anda di { $pool } telah diatur ulang
mail-factors-reset-lead = Admin menghapus semua verifikasi kedua { $account }.
mail-factors-reset-after = Kata sandi Anda tidak berubah dan sesi Anda telah diakhiri. Masuk, lalu siapkan kembali verifikasi kedua.
mail-mfa-disabled-subject = Verifikasi kedua Anda di { $pool } telah dinonaktifkan
mail-mfa-disabled-lead = Verifikasi kedua { $account } telah dinonaktifkan.
mail-mfa-disabled-after = Mulai sekarang, kata sandi saja cukup untuk masuk.
mail-password-reset-done-subject = Kata sandi Anda untuk { $pool } telah diatur ulang
mail-password-reset-done-lead = Kata sandi { $account } telah diatur ulang melalui tautan yang kami kirimkan ke alamat ini.
mail-password-reset-done-after = Semua sesi telah diakhiri. Verifikasi kedua Anda tidak berubah.

## Passkeys and security keys

factor-passkey-sign-in = Masuk dengan kunci sandi
factor-passkey = Kunci sandi
factor-passkey-description = Sidik jari, wajah, atau kunci layar perangkat Anda
factor-passkey-enrol-title = Buat kunci sandi
factor-passkey-enrol-text = Kunci sandi disimpan oleh perangkat atau pengelola kata sandi Anda, dan dibuka dengan sidik jari, wajah, atau PIN. Setelah itu, Anda dapat masuk tanpa kata sandi. Kunci sandi ini hanya berfungsi di situs ini.
factor-passkey-verify-text = Tekan tombol, lalu buka kunci sandi dengan cara yang sama seperti membuka kunci perangkat Anda.
factor-passkey-wrong = Kunci sandi itu tidak diterima. Coba lagi, atau gunakan metode lain.
factor-security-key = Kunci keamanan
factor-security-key-description = Kunci yang Anda colokkan atau dekatkan ke perangkat
factor-security-key-enrol-title = Tambahkan kunci keamanan
factor-security-key-enrol-text = Siapkan kunci Anda. Browser akan memberi tahu kapan kunci perlu dicolokkan dan disentuh.
factor-security-key-verify-text = Siapkan kunci Anda, tekan tombol, lalu sentuh kunci saat berkedip.
factor-security-key-wrong = Kunci keamanan itu tidak diterima. Coba lagi, atau gunakan metode lain.
webauthn-noscript = Metode ini memerlukan JavaScript. Aktifkan JavaScript dan muat ulang halaman, atau gunakan metode lain.
webauthn-waiting = Browser sedang meminta konfirmasi Anda. Cari jendelanya.
webauthn-denied = Proses dibatalkan atau terlalu lama. Coba lagi.
webauthn-denied-passkey = Proses dibatalkan atau terlalu lama, atau perangkat ini tidak dapat memeriksa sidik jari, wajah, atau PIN Anda, yang diperlukan oleh kunci sandi. Coba lagi, atau gunakan metode lain, misalnya kunci keamanan.
webauthn-known = Yang ini sudah disiapkan. Gunakan yang lain.
webauthn-unsupported = Browser ini tidak mendukungnya. Gunakan browser lain atau metode lain.
webauthn-insecure = Browser Anda hanya dapat melakukannya melalui koneksi aman ke alamat yang benar. Periksa alamatnya, atau gunakan metode lain.
webauthn-failed = Proses tidak berhasil. Coba lagi, atau gunakan metode lain.

## Codes by mail, clocks that are off, and a single recovery code

factor-email = Kode melalui email
factor-email-description = Kode enam digit yang kami kirim ke alamat Anda
factor-email-enrol-title = Gunakan kode melalui email
factor-email-wrong = Kode salah atau tidak berlaku lagi. Kode berlaku selama sepuluh menit, dan hanya yang terbaru yang dapat digunakan. Setelah lima kali salah, minta kode baru.
email-enrol-text = Saat Anda masuk, kami akan mengirimkan kode ke alamat email Anda dan memintanya.
email-sent = Kami telah mengirimkan kode ke { $address }. Kode berlaku selama { $minutes } menit.
email-code = Kode enam digit dari email
email-hint = Belum ada email? Periksa juga folder spam.
email-resend = Kirim kode baru
factor-totp-drift-ahead = Kode tidak cocok karena jam ponsel Anda terlalu cepat sekitar { $minutes } menit. Atur ponsel ke waktu jaringan, lalu masukkan kode yang ditampilkan.
factor-totp-drift-behind = Kode tidak cocok karena jam ponsel Anda terlambat sekitar { $minutes } menit. Atur ponsel ke waktu jaringan, lalu masukkan kode yang ditampilkan.
totp-get-android = { $app } untuk Android
totp-get-ios = { $app } untuk iOS
factor-recovery-enrol-title-one = Kode pemulihan Anda
factor-recovery-reveal-title-one = Simpan kode pemulihan Anda
recovery-enrol-text-one = Anda akan mendapatkan satu kode untuk saat ponsel tidak ada di dekat Anda. Kode hanya ditampilkan satu kali, di halaman berikutnya.
codes-lead-one = Jika ponsel Anda hilang, Anda dapat masuk dengan kode ini. Kode berlaku satu kali.
codes-for-one = Kode pemulihan untuk { $pool }, akun { $account }
codes-once-one = Kode ini tetap tampil di sini sampai Anda melanjutkan. Simpan bersama dokumen penting Anda.
codes-filename-one = kode-pemulihan.txt
factor-email-mail-subject = Kode Anda untuk { $pool }
factor-email-mail-lead = Untuk masuk ke { $pool }, masukkan kode ini: { $code }
factor-email-mail-after = Kode berlaku selama { $minutes } menit dan hanya untuk satu kali penggunaan. Jangan berikan kepada siapa pun, termasuk kepada kami. Jika Anda tidak sedang masuk, berarti ada yang mengetahui kata sandi Anda: segera ubah.

## The mail address

field-new-email = Alamat baru
profile-email-change = Ubah alamat
profile-email-add = Tambahkan alamat
profile-email-prove = Konfirmasi alamat ini
pending-title = Konfirmasi alamat Anda
pending-lead = Jika { $email } dapat digunakan di sini, sebuah kode sedang dikirim ke alamat itu. Masukkan kodenya; sebelum itu tidak ada yang berubah.
pending-hint = Belum ada setelah beberapa menit? Periksa folder spam. Hanya beberapa pesan per jam yang dikirim ke satu alamat.
pending-code = Kode delapan digit
pending-until = Berlaku hingga
pending-submit = Konfirmasi alamat
pending-cancel = Batalkan alamat ini
address-title = Alamat email
address-lead = Kami mengirim kode ke alamat tersebut. Alamat itu berlaku begitu Anda memasukkan kodenya.
address-current = Alamat Anda saat ini
address-undo-hint = Alamat Anda saat ini diberi tahu dan dapat membatalkan perubahan selama seminggu.
address-submit = Kirim kode
email_unchanged = Itu sudah alamat Anda dan sudah dikonfirmasi.
email_code_wrong = Kode itu tidak berlaku. Gunakan kode dari pesan terbaru, atau minta kode baru.
email_in_use = Alamat itu milik akun lain. Gunakan alamat lain.
email_proved = Alamat Anda sudah dikonfirmasi.
address_set = { $username } sekarang memiliki alamat { $email }. Alamat itu dianggap belum dikonfirmasi sampai dikonfirmasi di profilnya.
done-address-restored = Alamat lama Anda dipulihkan
done-address-restored-detail = Semua sesi diakhiri. Siapa pun yang mengubah alamat mungkin mengetahui kata sandi Anda: pilih yang baru sekarang.
done-address-in-use = Alamat lama kini milik akun lain
done-address-in-use-detail = Semua sesi diakhiri, dan alamat baru tidak lagi dipercaya. Masuk dan tambahkan alamat Anda, atau mintalah bantuan.
next-new-password = Pilih kata sandi baru
address-undo-title = Batalkan perubahan?
address-undo-lead = { $email } kembali menjadi alamat { $account }. Semua sesi diakhiri, termasuk sesi orang yang mengubah alamat.
address-undo-submit = Batalkan perubahan
settings-address-title = Beri seseorang alamat lain
settings-address-lead = Untuk pengguna yang kehilangan kotak suratnya. Pastikan dahulu bahwa ia memang pemilik akun. Alamat lama diberi tahu dan dapat membatalkan perubahan. Alamat baru dianggap belum dikonfirmasi sampai dikonfirmasi di profilnya, sehingga belum dapat dipakai untuk mengatur ulang kata sandi.
settings-address-submit = Ubah alamat
mail-address-code-subject = Konfirmasi alamat Anda untuk { $pool }
mail-address-code-lead = Seseorang, semoga Anda sendiri, ingin menggunakan alamat ini untuk sebuah akun di { $pool }. Untuk mengonfirmasi, masukkan kode ini di halaman yang memintanya: { $code }
mail-address-code-after = Kode berlaku selama { $minutes } menit dan hanya untuk satu kali penggunaan. Jangan berikan kepada siapa pun: kami tidak akan pernah memintanya. Jika ini bukan Anda, abaikan saja email ini.
mail-address-in-use-subject = Alamat Anda sudah digunakan di { $pool }
mail-address-in-use-lead = Seseorang ingin menggunakan alamat ini untuk akun lain di { $pool }. Alamat ini sudah milik { $account }, jadi tidak ada yang diubah.
mail-address-in-use-after = Jika ini Anda: masuk ke { $account }, atau gunakan alamat lain. Jika bukan, abaikan saja email ini. Akun Anda tidak berubah.
mail-address-undo-subject = Alamat akun Anda di { $pool } telah diubah
mail-address-undo-lead = Akun { $account } kini memiliki alamat lain. Alamat ini tidak lagi digunakan di sana.
mail-address-undo-after = Jika ini bukan Anda, batalkan perubahan: alamat Anda dipulihkan dan semua sesi diakhiri. Tautan berlaku selama { $days } hari dan hanya untuk satu kali penggunaan. Selama itu, kata sandi tidak dapat diatur ulang dengan alamat baru.
mail-address-undo-action = Batalkan perubahan
mail-address-changed-subject = Alamat sebuah akun di { $pool } telah diubah
mail-address-changed-lead = Akun { $account } kini memiliki alamat lain. Alamat ini tidak lagi digunakan di sana.
mail-address-changed-after = Email tentang akun itu tidak lagi dikirim ke sini.

## Activity, a copy of one’s data, the end of an account

nav-activity = Aktivitas
nav-data = Data Anda
home-activity = Apa yang terjadi pada akun Anda
home-data = Unduh salinan, atau hapus akun Anda
activity-title = Aktivitas
activity-lead = Apa yang terjadi pada akun Anda, yang terbaru lebih dahulu.
activity-none = Belum ada.
activity-newest = Terbaru
activity-older = Lebih lama
activity-pages = Halaman daftar
activity-advice = Ada yang tidak Anda kenali? Ubah kata sandi, lalu akhiri sesi lain:
activity-by-administrator = oleh administrator
activity-sign-in = Masuk
activity-sign-out = Keluar
activity-consent = Akses diizinkan: { $client }
activity-consent-refused = Akses tidak diizinkan: { $client }
activity-device-code-refused = Kode perangkat yang tidak sedang menunggu
activity-registered = Akun dibuat
activity-reset-asked = Tautan untuk mengatur ulang kata sandi diminta
activity-password-reset = Kata sandi diatur ulang melalui email
activity-password-change = Kata sandi diubah
activity-password-change-refused = Kata sandi tidak diubah: kata sandi saat ini salah
activity-profile = Profil diubah
activity-address-asked = Kode untuk alamat email diminta
activity-address-changed = Alamat email dikonfirmasi
activity-address-changed-refused = Kode salah untuk alamat email
activity-address-restored = Perubahan alamat email dibatalkan
activity-data-exported = Salinan data Anda diunduh
activity-application-revoked = Diputuskan: { $client }
activity-session-revoked = Satu sesi diakhiri
activity-sessions-revoked = Semua sesi lain diakhiri
activity-browser-forgotten = Browser yang diingat dilupakan
activity-factor-enrolled = Verifikasi kedua ditambahkan
activity-factor-replaced = Verifikasi kedua diganti
activity-factor-renamed = Verifikasi kedua diganti namanya
activity-factor-removed = Verifikasi kedua dihapus
activity-factors-chosen = Verifikasi kedua diaktifkan
activity-factors-disabled = Verifikasi kedua dinonaktifkan
activity-codes-regenerated = Kode pemulihan baru dibuat
activity-factors-reset = Semua verifikasi kedua dihapus
activity-user-created = Akun dibuat
activity-user-updated = Akun diubah
activity-user-disabled = Akun dinonaktifkan
activity-user-enabled = Akun diaktifkan kembali
activity-password-set = Kata sandi diganti
activity-code-replayed = Akses aplikasi diakhiri: aplikasi memakai kode dua kali
activity-refresh-token-reused = Akses aplikasi diakhiri: aplikasi memakai token dua kali
activity-token-revoked = Sebuah aplikasi mengembalikan aksesnya
activity-password-refused = Kata sandi salah saat masuk
activity-passwordless-refused = Kunci sandi salah saat masuk
activity-second-factor-refused = Jawaban salah pada verifikasi kedua
data-title = Data Anda
data-lead = Apa yang disimpan tentang Anda di sini, dan cara mengakhirinya.
data-export-title = Unduh salinan
data-export-lead = Berkas berformat JSON berisi profil, sesi, verifikasi kedua, aplikasi, dan aktivitas terakhir Anda. Tidak ada kata sandi, kunci, atau kode di dalamnya.
data-export-submit = Unduh
data-delete-title = Hapus akun Anda
data-delete-lead = Ini tidak dapat dibatalkan. Anda akan melihat apa yang hilang sebelum apa pun terjadi.
data-delete-submit = Hapus akun
data-delete-off = Akun di sini dihapus oleh pengelolanya. Hubungi mereka.
delete-title = Hapus akun Anda?
delete-lead = Ini hilang seketika dan untuk selamanya:
delete-account = Akun { $username }, beserta nama, alamat, dan kata sandinya
delete-sessions = Semua sesi: { $count }
delete-factors = Verifikasi kedua dan kode pemulihan Anda
delete-application = Akses ke { $client }, dan semua yang hanya dapat Anda capai melaluinya
delete-kept = Demi keamanan layanan, catatan tentang apa yang terjadi tetap disimpan beserta nama pengguna Anda dan alamat IP-nya. Apa yang disimpan aplikasi tentang Anda bergantung pada aplikasi itu.
delete-type = Untuk mengonfirmasi, ketik { $username }
delete-submit = Hapus akun saya
delete_mistyped = Itu bukan nama pengguna Anda. Tidak ada yang dihapus.
delete_last_admin = Hanya Anda yang dapat mengelola situs ini. Tambahkan administrator lain dahulu.
done-deleted = Akun Anda dihapus
done-deleted-detail = Anda telah keluar di semua tempat. Anda dapat menutup jendela ini.
mail-deleted-subject = Akun Anda di { $pool } telah dihapus
mail-deleted-lead = Akun { $account } telah dihapus atas permintaan seseorang yang sedang masuk dan telah membuktikan identitasnya sekali lagi.
mail-deleted-after = Semua isinya telah hilang. Jika ini bukan Anda, mintalah bantuan: catatan tentang apa yang terjadi tetap disimpan.
