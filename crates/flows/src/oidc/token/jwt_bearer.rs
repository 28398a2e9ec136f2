//! The word of an issuer that the pool trusts (RFC 7523 §2.1): an access token for the user that it names. It stands for no
//! sign-in here, so it never counts as a second factor, and for whoever is asked for one there is nothing.

use super::{
    Applicant, Grant, Redeemed,
    issue::{Aim, Granted, Issue, aim},
};
use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        budget::of_application,
        cx::Cx,
        failure::Failure,
    },
    oidc::{Oidc, bound::spend_proof, living::Word},
    policy::offers::Application,
};
use vestibule_domain::{
    Acr, Budget, Client, GrantId, Requirement, SessionId, Timestamp, TrustedIssuer, User, UserStatus,
};
use vestibule_jose::ForeignKeys;
use vestibule_oidc::{
    ErrorCode, OAuthError, OneTime,
    assertion::{Arriving, Asserted, BadAssertion, asserted_api, asserted_scopes, issuer_of, judge},
    audience::Targets,
    exchange::keeps_bound,
    token::grants::JwtBearer,
    tokens::{Acting, Obtained, UserSubject},
};
use vestibule_store::{PoolTx, StoreError, records::GrantRow};

/// The grant of RFC 7523.
pub(super) struct Asserting;

/// `acr` where nobody knows how somebody signed in (OIDC Core §2).
const UNKNOWN: &str = "0";

/// What an assertion gives.
struct Given {
    user: User,
    once: OneTime,
    scopes: Vec<String>,
    api: String,
    aim: Aim,
    acr: String,
    issuer: String,
}

impl Grant for Asserting {
    type Request = JwtBearer;

    async fn redeem(oidc: Oidc<'_>, cx: &Cx, by: Applicant, request: JwtBearer) -> Redeemed {
        let taken = match oidc.judge_assertion(cx, &by, &request).await? {
            Ok(given) => {
                let gid = oidc.take_assertion(cx, &by, &given).await?;
                gid.map(|gid| (given, gid))
            }
            Err(error) => Err(error),
        };
        let (given, gid) = match taken {
            Ok(taken) => taken,
            Err(error) => {
                oidc.note_refused(cx, AuditAction::AssertionTaken, &by.client, &error).await?;
                return Ok(Err(error));
            }
        };
        let Applicant { client, key, .. } = by;
        let Given { user, scopes, aim, acr, .. } = given;
        let sub = cx.pool.subject_of(&client, user.id)?;
        let subject = UserSubject { sub, gid, sid: None, acr, amr: Vec::new(), auth_time: None };
        let acting = Acting { obtained: Some(Obtained::Asserted), ..Acting::default() };
        let issue = Issue::without_sign_in(&client, subject, scopes, acting);
        issue.tokens(oidc, cx, Granted { aim, refresh: None, key, recipient: None }).map(Ok)
    }
}

type Judged<T> = Result<Result<T, OAuthError>, Failure>;

impl Oidc<'_> {
    /// Whether the assertion counts, and what it gives to the application.
    async fn judge_assertion(self, cx: &Cx, by: &Applicant, request: &JwtBearer) -> Judged<Given> {
        let client = &by.client;
        if !client.may_assert() {
            let hint = "only confidential applications of the pool may use assertions";
            return Ok(Err(OAuthError::new(ErrorCode::UnauthorizedClient, hint)));
        }
        let settings = &cx.pool.pool.settings;
        let issuer = match issuer_of(&request.assertion, client, &settings.trusted_issuers) {
            Ok(issuer) => issuer,
            Err(why) => return Ok(Err(why.into())),
        };
        let read = |keys: Option<&ForeignKeys>| {
            let arriving = Arriving { keys, here: &cx.pool.issuer, client, now: cx.now };
            judge(&request.assertion, issuer, arriving)
        };
        let keys = cx.pool.keys_of_issuer(&issuer.issuer);
        let assertion = match self.by_keys(cx, issuer.jwks_uri.as_deref(), keys, read).await {
            Ok(assertion) => assertion,
            Err(why) => return Ok(Err(why.into())),
        };
        if keeps_bound(assertion.cnf.as_ref(), by.key.as_ref(), false).is_err() {
            return Ok(Err(OAuthError::from(BadAssertion::Claim("cnf"))));
        }
        let Some(user) = self.user_asserted(cx, &assertion.about).await? else {
            return Ok(Err(BadAssertion::NoUser.into()));
        };
        let asked = asserted_scopes(client, issuer, request.scope.as_deref())
            .and_then(|scopes| Ok((scopes, asserted_api(client, issuer, &request.resource)?)));
        let (scopes, api) = match asked {
            Ok(asked) => asked,
            Err(error) => return Ok(Err(error)),
        };
        let target = [api];
        let targets = Targets { granted: &target, otherwise: &target, asked: &target };
        let aim = match aim(&cx.pool, client, targets, false) {
            Ok(aim) => aim,
            Err(error) => return Ok(Err(error)),
        };
        if let Err(error) = self.word_is_enough(cx, client, &user, &scopes).await? {
            return Ok(Err(error));
        }
        let [api] = target;
        let (once, acr, issuer) = (assertion.once, acr_of(client, issuer), issuer.issuer.clone());
        Ok(Ok(Given { user, once, scopes, api, aim, acr, issuer }))
    }

    /// The active user that an assertion names. An address has to be proved here, too: whoever typed a stranger's into their
    /// profile is not that stranger.
    async fn user_asserted(self, cx: &Cx, about: &Asserted) -> Result<Option<User>, Failure> {
        let store = self.app.pool_store(cx);
        let found = match about {
            Asserted::User(id) => store.user(*id).await?,
            Asserted::Mailbox(address) => {
                let found = store.user_by_identifier(&address.key()).await?.map(|found| found.user);
                let same = |own: &str| {
                    vestibule_domain::Email::parse(own).is_ok_and(|own| own.key() == address.key())
                };
                found.filter(|user| user.email_verified && user.email.as_deref().is_some_and(same))
            }
        };
        Ok(found.filter(|user| user.status == UserStatus::Active))
    }

    /// Whether the pool asks the user for no more than somebody else's word: no second factor, because of a rule or because the
    /// user has one, no class above one factor, and no recent sign-in.
    async fn word_is_enough(self, cx: &Cx, client: &Client, user: &User, scopes: &[String]) -> Judged<()> {
        let policies = self.app.policies();
        let policy = policies.policy(cx, user, Some(&Application { client, scopes }));
        let offers = policies.offers(cx, user, policy).await?;
        let requirement = Requirement::floor(&offers.policy, offers.has_factor());
        if requirement.acr == Acr::OneFactor && !requirement.second_factor && client.default_max_age.is_none()
        {
            return Ok(Ok(()));
        }
        let hint = "the user has to sign in here: an assertion is not enough for this";
        Ok(Err(OAuthError::new(ErrorCode::UnmetAuthenticationRequirements, hint)))
    }

    /// Spends the assertion and stores what came of it.
    async fn take_assertion(self, cx: &Cx, by: &Applicant, given: &Given) -> Judged<GrantId> {
        let (client, key, once) = (&by.client, by.key.clone(), given.once);
        let grant = self.asserted_grant(cx, client, given);
        let gid = grant.id;
        let budget = [of_application(&client.id, Budget::AssertionOfApplication)];
        let row = self.app.audit(cx, AuditAction::AssertionTaken, Some(grant.user), Ended::Done);
        let row = row.client(&client.id).and("grant", gid.to_string()).and("scope", grant.scopes.join(" "));
        let row = row.and("api", given.api.clone()).and("issuer", given.issuer.clone());
        let (now, version, named) = (cx.now, cx.pool.pool.version, given.user.clone());
        let job = move |tx: PoolTx| async move {
            if let Some(until) = tx.spend_budgets(&budget, now).await? {
                return Ok(Err(too_many(until, now)));
            }
            if let Err(error) = spend_proof(&tx, key.as_ref()).await? {
                return Ok(Err(error));
            }
            if !tx.spend_challenge(&once.digest, once.expires_at).await? {
                return Ok(Err(BadAssertion::Reused.into()));
            }
            // Whoever disables the user or changes the address meanwhile has to wait, and finds this grant.
            let locked = tx.locked_user(grant.user, version).await?;
            let same = |user: &User| {
                user.status == UserStatus::Active
                    && (&user.email, user.email_verified) == (&named.email, named.email_verified)
            };
            if !locked.is_some_and(|(user, _)| same(&user)) {
                return Ok(Err(BadAssertion::NoUser.into()));
            }
            tx.insert_grant(&grant).await?;
            tx.insert_audit(&row).await?;
            Ok::<_, StoreError>(Ok(gid))
        };
        Ok(self.app.pool_store(cx).write_or_undo(job).await?)
    }

    /// What the token hangs on, as long as it lives.
    fn asserted_grant(self, cx: &Cx, client: &Client, given: &Given) -> GrantRow {
        GrantRow {
            id: GrantId::new(cx.now, self.app.entropy().as_ref()),
            user: given.user.id,
            client_id: client.id.clone(),
            // It came of no session here: this one is nobody's, and nothing ends it but the user, the application and time.
            session: SessionId::new(cx.now, self.app.entropy().as_ref()),
            scopes: given.scopes.clone(),
            resources: vec![given.api.clone()],
            acr: given.acr.clone(),
            amr: Vec::new(),
            auth_time: cx.now,
            claims: None,
            basis: Word::of(&given.issuer),
            offline: false,
            created_at: cx.now,
            expires_at: cx.now + given.aim.lifetime(),
        }
    }
}

fn too_many(until: Timestamp, now: Timestamp) -> OAuthError {
    let hint = format!("too many assertions: try again in {} s", until.wait_from(now));
    OAuthError::new(ErrorCode::TemporarilyUnavailable, hint)
}

/// The class that tokens tell: one factor at the most, and only where the pool says that the issuer asked for it.
fn acr_of(client: &Client, issuer: &TrustedIssuer) -> String {
    if issuer.first_factor { client.name_of_acr(Acr::OneFactor).to_owned() } else { UNKNOWN.to_owned() }
}
