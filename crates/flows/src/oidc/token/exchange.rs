//! A token for another one (RFC 8693), as rules of the application say. Nothing is stored but a line in the audit trail: the
//! new token hangs on the grant of the old one, and ends with it.

use super::{
    Applicant, Grant, Redeemed,
    issue::{Granted, Issue, aim},
};
use crate::{
    base::{
        audit::{AuditAction, Detailed as _, Ended},
        cx::Cx,
        failure::Failure,
    },
    oidc::{
        Oidc,
        bound::spend_proof,
        living::{Life, left_of, still_registered},
    },
    policy::offers::Application,
};
use vestibule_domain::{Acr, Client, Requirement, SessionId, Timestamp, UserId, policy::DEFAULT_RULE};
use vestibule_oidc::{
    ErrorCode, OAuthError,
    audience::Targets,
    exchange::{Allowed, NotExchanged, SubjectToken, Wish, acting, allowed, keeps_bound, time_left},
    token::grants::{ACCESS_TOKEN, PresentedToken, TokenExchange},
    tokens::{AccessTokenClaims, Acting, Actor, Obtained, Subject, UserSubject, verify_presented_id_token},
};
use vestibule_store::{PoolTx, StoreError, records::GrantWithUser};

/// The grant of RFC 8693.
pub(super) struct Exchange;

/// A living token of a user, and what it hangs on.
struct Presented {
    token: SubjectToken,
    granted: GrantWithUser,
}

/// Who acts.
struct Acts {
    actor: Actor,
    /// When the token that says so ends.
    ends: i64,
    /// The sign-in of a user who acts.
    signed_in: Option<Presented>,
}

impl Acts {
    /// The application itself.
    fn itself(client: &Client, ends: i64) -> Self {
        let actor = Actor { sub: client.id.clone(), client_id: client.id.clone(), gid: None, act: None };
        Self { actor, ends, signed_in: None }
    }
}

/// A new token about to be made.
struct Exchanged {
    subject: UserSubject,
    of: UserId,
    session: SessionId,
    allowed: Allowed,
    acting: Acting,
    /// How long it may live.
    left: i64,
}

type Judged<T> = Result<Result<T, OAuthError>, Failure>;

impl Grant for Exchange {
    type Request = TokenExchange;

    async fn redeem(oidc: Oidc<'_>, cx: &Cx, by: Applicant, request: TokenExchange) -> Redeemed {
        let made = match oidc.judge_exchange(cx, &by, &request).await? {
            Ok(exchanged) => oidc.make_exchanged(cx, &by, exchanged).await?,
            Err(error) => Err(error),
        };
        if let Err(error) = &made {
            oidc.note_refused(cx, AuditAction::TokenExchanged, &by.client, error).await?;
        }
        Ok(made)
    }
}

impl Oidc<'_> {
    /// Whether the application may have what it asks for.
    async fn judge_exchange(self, cx: &Cx, by: &Applicant, request: &TokenExchange) -> Judged<Exchanged> {
        let client = &by.client;
        if !client.may_exchange() {
            let hint = "only confidential applications of the pool may exchange tokens";
            return Ok(Err(OAuthError::new(ErrorCode::UnauthorizedClient, hint)));
        }
        let Presented { token, granted } = match self.presented(cx, client, &request.subject).await? {
            Ok(presented) => presented,
            Err(why) => return Ok(Err(why.into())),
        };
        let Acts { actor, ends, signed_in } = match &request.actor {
            None => Acts::itself(client, i64::MAX),
            Some(presented) => match self.actor(cx, by, presented).await? {
                Ok(acts) => acts,
                Err(why) => return Ok(Err(why.into())),
            },
        };
        let is_id = |presented: &PresentedToken| matches!(presented, PresentedToken::Id(_));
        let wish = Wish {
            targets: &request.targets,
            scope: request.scope.as_deref(),
            other_actor: request.actor.is_some(),
            id_tokens: is_id(&request.subject) || request.actor.as_ref().is_some_and(is_id),
        };
        let allowed = match allowed(client, &token, wish) {
            Ok(allowed) => allowed,
            Err(error) => return Ok(Err(error)),
        };
        let judged = keeps_bound(token.cnf.as_ref(), by.key.as_ref(), allowed.bound_subjects)
            .and_then(|()| acting(&token, actor, allowed.mode, &cx.pool.issuer))
            .and_then(|act| Ok((act, time_left(token.exp.min(ends), cx.now)?)));
        let (act, left) = match judged {
            Ok(judged) => judged,
            Err(why) => return Ok(Err(why.into())),
        };
        let class = match self.strong_enough(cx, client, &token, &granted, &allowed.scopes).await? {
            Ok(class) => class,
            Err(error) => return Ok(Err(error)),
        };
        // Whoever acts for somebody signs in no worse than that one has to.
        if let Some(Presented { token, granted }) = &signed_in
            && let Err(error) = self.strong_enough(cx, client, token, granted, &allowed.scopes).await?
        {
            return Ok(Err(error));
        }
        let acting = Acting { act, may_act: token.may_act, obtained: Some(Obtained::Exchanged) };
        // The same class, by the name that counts for this application.
        let GrantWithUser { grant, user } = granted;
        // By the names that this application knows user and session by: it can read the token.
        let subject = UserSubject {
            sub: cx.pool.subject_of(client, user.id)?,
            sid: Some(cx.pool.sid_of(client, grant.session)?),
            acr: client.name_of_acr(class).to_owned(),
            ..token.user
        };
        Ok(Ok(Exchanged { subject, of: user.id, session: grant.session, allowed, acting, left }))
    }

    /// A token of this pool that has come to the application as it should, and lives.
    async fn presented(
        self,
        cx: &Cx,
        client: &Client,
        presented: &PresentedToken,
    ) -> Result<Result<Presented, NotExchanged>, Failure> {
        match presented {
            PresentedToken::Id(token) => self.presented_id(cx, client, token).await,
            PresentedToken::Access(token) => {
                let read = self.read_access_token(cx, token).ok();
                let Some(claims) = read.and_then(|claims| left_of(cx, claims)) else {
                    return Ok(Err(NotExchanged::Over));
                };
                self.presented_access(cx, client, claims).await
            }
        }
    }

    async fn presented_access(
        self,
        cx: &Cx,
        client: &Client,
        claims: AccessTokenClaims,
    ) -> Result<Result<Presented, NotExchanged>, Failure> {
        if claims.acting.obtained == Some(Obtained::Asserted) {
            return Ok(Err(NotExchanged::Asserted));
        }
        let life = self.life_of(cx, &claims).await?;
        let Some(token) = SubjectToken::of_access(claims) else { return Ok(Err(NotExchanged::NoUser)) };
        if !token.concerns(client) {
            return Ok(Err(NotExchanged::NotConcerned(token.issued_to)));
        }
        Ok(match life {
            Some(Life::OfUser(granted)) => Ok(Presented { token, granted: *granted }),
            Some(Life::OfApplication) | None => Err(NotExchanged::Over),
        })
    }

    /// The sign-in that an ID token of the application tells of. It has no scopes of its own: what the user has granted to the
    /// application in that sign-in counts, as far as all of its grants agree.
    async fn presented_id(
        self,
        cx: &Cx,
        client: &Client,
        token: &str,
    ) -> Result<Result<Presented, NotExchanged>, Failure> {
        let keys = cx.pool.verifying_keys();
        let Ok(told) = verify_presented_id_token(token, keys, &cx.pool.issuer, &client.id, cx.now) else {
            return Ok(Err(NotExchanged::Over));
        };
        let store = self.app.pool_store(cx);
        let mut of_sign_in = store.grants_of_session(told.sid).await?;
        let since = Timestamp::from_seconds(told.auth_time);
        of_sign_in.retain(|grant| {
            grant.client_id == client.id
                && (&grant.acr, grant.auth_time) == (&told.acr, since)
                && grant.expires_at > cx.now
        });
        let Some(newest) = of_sign_in.first() else { return Ok(Err(NotExchanged::Over)) };
        let Some(granted) = store.live_grant(newest.id, cx.now).await? else {
            return Ok(Err(NotExchanged::Over));
        };
        let mut scopes = still_registered(client, &newest.scopes);
        scopes.retain(|scope| of_sign_in.iter().all(|grant| grant.scopes.contains(scope)));
        let user = UserSubject {
            sub: cx.pool.subject_of(client, newest.user)?,
            gid: newest.id,
            sid: Some(cx.pool.sid_of(client, newest.session)?),
            acr: told.acr,
            amr: told.amr,
            auth_time: Some(told.auth_time),
        };
        let token = SubjectToken {
            user,
            issued_to: client.id.clone(),
            audience: Vec::new(),
            scopes,
            cnf: None,
            act: None,
            may_act: told.may_act,
            exp: told.exp,
        };
        Ok(Ok(Presented { token, granted }))
    }

    /// Who acts, as a token says that was issued to the application, and when that one ends.
    async fn actor(
        self,
        cx: &Cx,
        by: &Applicant,
        presented: &PresentedToken,
    ) -> Result<Result<Acts, NotExchanged>, Failure> {
        let client = &by.client;
        if let PresentedToken::Access(token) = presented {
            let claims = self.read_access_token(cx, token).ok();
            let Some(claims) = claims.and_then(|claims| left_of(cx, claims)) else {
                return Ok(Err(NotExchanged::Over));
            };
            if let Err(why) = own_token(&claims, by) {
                return Ok(Err(why));
            }
            if let Subject::Client(_) = claims.subject {
                let alive = self.life_of(cx, &claims).await?.is_some();
                let ends = claims.times.exp.unwrap_or_default();
                return Ok(if alive { Ok(Acts::itself(client, ends)) } else { Err(NotExchanged::Over) });
            }
        }
        let acts = match self.presented(cx, client, presented).await? {
            Ok(acts) => acts,
            Err(why) => return Ok(Err(why)),
        };
        let actor = Actor {
            sub: cx.pool.subject_of(client, acts.granted.user.id)?,
            client_id: client.id.clone(),
            gid: Some(acts.granted.grant.id),
            act: None,
        };
        Ok(Ok(Acts { actor, ends: acts.token.exp, signed_in: Some(acts) }))
    }

    /// Whether the sign-in of the subject, or of a user who acts, is enough for what the pool asks of somebody who signs in to
    /// this application with these scopes: by the class that the token tells, and by what the session has proved so far. Gives
    /// that class.
    async fn strong_enough(
        self,
        cx: &Cx,
        client: &Client,
        token: &SubjectToken,
        granted: &GrantWithUser,
        scopes: &[String],
    ) -> Judged<Acr> {
        let user = &granted.user;
        let of_user = self.app.pool_store(cx).sessions_of(user.id).await?;
        let lifetimes = &cx.pool.pool.settings.lifetimes;
        let session = of_user
            .into_iter()
            .find(|session| session.id == granted.grant.session && session.is_alive(lifetimes, cx.now));
        let events = session.as_ref().map(|session| session.events.as_slice());
        let (policies, at) = (self.app.policies(), self.app.factors().at(cx));
        let application = Application { client, scopes };
        let policy = policies.policy_after(at, user, Some(&application), events.unwrap_or_default());
        let offers = policies.offers(cx, user, policy).await?;
        let requirement = Requirement::floor(&offers.policy, offers.has_factor());
        let requirement = match client.default_max_age {
            Some(age) => requirement.all_since(cx.now - age),
            None => requirement,
        };
        let told = cx.pool.client(&token.issued_to).and_then(|to| to.resolve_acr(&token.user.acr));
        let class = told.filter(|class| *class >= requirement.acr);
        let since = requirement.first_since.max(requirement.second_since).as_seconds();
        let recent = token.user.auth_time.is_some_and(|at| at >= since);
        let by_proofs = match events {
            Some(events) => requirement.is_met_by(events, cx.now),
            // The sign-in is over and the access goes on: all that is left is what the token tells.
            None => {
                let by_kind = offers.policy.factors.rule != DEFAULT_RULE || !requirement.distinct.is_empty();
                let told = Told { class: told, user: &token.user, by_kind };
                told.is_enough(&requirement, lifetimes.second_factor, cx.now)
            }
        };
        if let Some(class) = class.filter(|_| recent && by_proofs) {
            return Ok(Ok(class));
        }
        let wanted = if requirement.second_factor { requirement.acr.max(Acr::Mfa) } else { requirement.acr };
        let hint = format!(
            "the user's sign-in is not enough for this: sign in again with acr_values={}",
            client.name_of_acr(wanted)
        );
        Ok(Err(OAuthError::new(ErrorCode::UnmetAuthenticationRequirements, hint)))
    }

    /// Makes it, and writes down that it was made.
    async fn make_exchanged(self, cx: &Cx, by: &Applicant, exchanged: Exchanged) -> Redeemed {
        let Applicant { client, key, .. } = by;
        let row = self.exchange_row(cx, client, &exchanged);
        let Exchanged { subject, allowed: Allowed { api, scopes, mode, .. }, acting, left, .. } = exchanged;
        let target = [api];
        let targets = Targets { granted: &target, otherwise: &target, asked: &target };
        let aim = match aim(&cx.pool, client, targets, false) {
            Ok(aim) => aim.at_most(left),
            Err(error) => return Ok(Err(error)),
        };
        let [api] = target;
        let row = row.and("api", api).and("mode", mode.as_str()).and("scope", scopes.join(" "));
        let (row, proved) = (self.app.budgeted_exchange(client, row), key.clone());
        let job = move |tx: PoolTx| async move {
            if let Err(error) = spend_proof(&tx, proved.as_ref()).await? {
                return Ok(Err(error));
            }
            row.store(&tx).await?;
            Ok::<_, StoreError>(Ok(()))
        };
        if let Err(error) = self.app.pool_store(cx).write_or_undo(job).await? {
            return Ok(Err(error));
        }
        let granted = Granted { aim, refresh: None, key: key.clone(), recipient: None };
        let issue = Issue::without_sign_in(client, subject, scopes, acting);
        Ok(Ok(issue.tokens(self, cx, granted)?.issued(ACCESS_TOKEN)))
    }

    fn exchange_row(
        self,
        cx: &Cx,
        client: &Client,
        exchanged: &Exchanged,
    ) -> vestibule_store::records::AuditRow {
        let Exchanged { subject, of, session, acting, .. } = exchanged;
        let row = self.app.audit(cx, AuditAction::TokenExchanged, Some(*of), Ended::Done);
        let row = row.client(&client.id).and("grant", subject.gid.to_string()).in_session(*session);
        match &acting.act {
            Some(actor) => row.and("acts", actor.sub.clone()),
            None => row,
        }
    }
}

/// What a token tells of a sign-in whose session is over.
struct Told<'a> {
    class: Option<Acr>,
    user: &'a UserSubject,
    /// Whether the rules ask which kinds of factor answered: a token does not tell.
    by_kind: bool,
}

impl Told<'_> {
    /// Whether that is enough, where a second factor proves something for so long.
    fn is_enough(&self, requirement: &Requirement, second_factor: i64, now: Timestamp) -> bool {
        if !requirement.second_factor && requirement.acr < Acr::Mfa {
            // A password counts under all rules.
            return !self.by_kind || self.user.amr == ["pwd"];
        }
        // The last proof may have been another one than the second factor, so where a recent one is asked it is not enough.
        // Remembered browsers are no proof, and make no class.
        let lately =
            self.user.auth_time.is_some_and(|at| now.as_seconds() < at.saturating_add(second_factor));
        let strong = self.class.is_some_and(|class| class >= Acr::Mfa);
        strong && lately && !self.by_kind && requirement.second_since == Timestamp::EPOCH
    }
}

/// Whether an access token tells of an actor as such: issued to the application, as it is bound, and nobody stands in for anybody.
fn own_token(claims: &AccessTokenClaims, by: &Applicant) -> Result<(), NotExchanged> {
    if claims.client_id != by.client.id {
        return Err(NotExchanged::NotConcerned(claims.client_id.clone()));
    }
    if claims.acting != Acting::default() {
        return Err(NotExchanged::BorrowedActor);
    }
    keeps_bound(claims.cnf.as_ref(), by.key.as_ref(), false)
}
