# OmniAuth with its strategy for OpenID Connect, in a Rack application, as the READMEs of both say.
#
# It talks to the test that runs it as party.mjs does.
require "json"
require "omniauth_openid_connect"
require "rack"
require "rack/protection"
require "uri"

ASKED = JSON.parse(ARGV[0])

def visit(url, as)
  puts JSON.generate(visit: url, as: as)
  $stdout.flush
  URI.parse($stdin.gets.strip).request_uri
end

# This provider speaks plain HTTP, as on a developer's machine.
SWD.url_builder = URI::HTTP
OmniAuth.config.logger = Logger.new(File::NULL)

# What the application shows: a form to sign in, who did, or why nobody did.
SHOWS = lambda do |env|
  request = Rack::Request.new(env)
  shown =
    case request.path
    when "/auth/openid_connect/callback" then env["omniauth.auth"].to_hash
    when "/auth/failure" then request.params
    else { token: Rack::Protection::AuthenticityToken.token(request.session) }
    end
  [200, {}, [JSON.generate(shown)]]
end

def application(secret)
  Rack::Builder.app do
    use Rack::Session::Cookie, secret: "the application's own, of 64 characters: " + "x" * 64
    use OmniAuth::Builder do
      issuer = URI.parse(ASKED["issuer"])
      provider :openid_connect,
               issuer: ASKED["issuer"],
               discovery: true,
               scope: %i[openid email profile],
               client_options: {
                 scheme: issuer.scheme,
                 host: issuer.host,
                 port: issuer.port,
                 identifier: ASKED["clientId"],
                 secret: secret,
                 redirect_uri: ASKED["redirectUri"],
               }
    end
    run SHOWS
  end
end

# A person's browser at the application's side.
class Browser
  def initialize(application)
    @application = Rack::MockRequest.new(application)
    @cookies = {}
  end

  # One request. A redirect that leaves the application is given as it is.
  def send(method, path, **options)
    cookies = @cookies.map { |pair| pair.join("=") }.join("; ")
    answer = @application.request(method, ASKED["base"] + path, **options, "HTTP_COOKIE" => cookies)
    answer["Set-Cookie"].to_s.split("\n").each do |cookie|
      name, value = cookie.split(";").first.split("=", 2)
      @cookies[name] = value
    end
    to = answer["Location"]
    return send("GET", to) if to&.start_with?("/")

    to || JSON.parse(answer.body)
  end
end

def sign_in(secret, as)
  browser = Browser.new(application(secret))
  token = browser.send("GET", "/")["token"]
  left = browser.send("POST", "/auth/openid_connect", params: { authenticity_token: token })
  browser.send("GET", visit(left, as))
end

cancelled = sign_in(ASKED["clientSecret"], "cancel")
person = sign_in(ASKED["clientSecret"], "sign-in")
wrong_secret = sign_in("another-secret-altogether-0123456789", "sign-in")
puts JSON.generate(
  found: {
    cancelled: cancelled,
    claims: { sub: person["uid"], name: person["info"]["name"], email: person["info"]["email"] },
    userinfo: person["extra"]["raw_info"],
    wrongSecret: wrong_secret,
  },
)
