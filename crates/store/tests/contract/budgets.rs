//! Budgets: so many in a time and no more, whoever asks at once.

use crate::{bed::on_each, rows::*};
use vestibule_domain::Budget;
use vestibule_store::{BudgetKey, PoolStore};

/// Takes one from each, or from none.
async fn spend(pool: &PoolStore, budgets: &[BudgetKey], seconds: i64) -> Option<i64> {
    let budgets = budgets.to_vec();
    let done = pool
        .write_or_undo(move |tx| async move {
            Ok(tx.spend_budgets(&budgets, at(seconds)).await?.map_or(Ok(()), Err))
        })
        .await
        .unwrap();
    done.err().map(|until| until.since(at(0)))
}

#[tokio::test]
async fn fault_s9_a_budget_is_granted_so_often_and_again_when_its_time_is_over() {
    on_each(|world| async move {
        let (one, other) = (a_budget(), a_budget());
        for seconds in [0, 10, 20] {
            assert_eq!(world.pool.used_up(&[one], at(seconds)).await, Ok(None));
            assert_eq!(spend(&world.pool, &[one], seconds).await, None);
        }
        assert_eq!(world.pool.used_up(&[other, one], at(21)).await, Ok(Some(at(3600))));
        assert_eq!(spend(&world.pool, &[one], 21).await, Some(3600));
        assert_eq!(spend(&world.pool, &[one], 3599).await, Some(3600));
        assert_eq!(spend(&world.pool, &[other], 21).await, None, "somebody else's");
        assert_eq!(spend(&world.other, &[one], 21).await, None, "another pool's");
        let alike = BudgetKey { budget: Budget::CodeToMailbox, ..one };
        assert_eq!(spend(&world.pool, &[alike], 21).await, None, "another purpose");
        let many = BudgetKey { times: 2, ..a_budget() };
        for seconds in 0..6 {
            assert_eq!(spend(&world.pool, &[many], seconds).await, None, "twice as often");
        }
        assert_eq!(spend(&world.pool, &[many], 6).await, Some(3600));
        assert_eq!(world.pool.used_up(&[many], at(6)).await, Ok(Some(at(3600))));
        for seconds in [3600, 3601, 3602] {
            assert_eq!(spend(&world.pool, &[one], seconds).await, None);
        }
        assert_eq!(spend(&world.pool, &[one], 3603).await, Some(7200));
    })
    .await;
}

#[tokio::test]
async fn of_several_budgets_all_are_taken_or_none() {
    on_each(|world| async move {
        let (one, other) = (a_budget(), a_budget());
        for _ in 0..3 {
            assert_eq!(spend(&world.pool, &[one], 0).await, None);
        }
        for _ in 0..9 {
            assert_eq!(spend(&world.pool, &[other, one], 1).await, Some(3600));
        }
        assert_eq!(spend(&world.pool, &[other], 1).await, None, "nothing was taken from it");
        let rows = world.bed.dump("budgets").await.len();
        assert_eq!(spend(&world.pool, &[a_budget(), one], 2).await, Some(3600));
        assert_eq!(world.bed.dump("budgets").await.len(), rows, "what is refused leaves no row");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fault_s9_many_at_once_are_granted_no_more_than_in_turn() {
    on_each(|world| async move {
        let budget = a_budget();
        let mut jobs = tokio::task::JoinSet::new();
        for _ in 0..20 {
            let pool = world.pool.clone();
            jobs.spawn(async move { spend(&pool, &[budget], 0).await });
        }
        let granted = jobs.join_all().await.into_iter().filter(Option::is_none).count();
        assert_eq!(granted, 3);
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_is_given_back_also_where_the_transaction_goes_on() {
    on_each(|world| async move {
        let (one, other) = (a_budget(), a_budget());
        for _ in 0..3 {
            assert_eq!(spend(&world.pool, &[one], 0).await, None);
        }
        for _ in 0..9 {
            let both = [other, one];
            let refused = world
                .pool
                .write(move |tx| async move { tx.spend_budgets(&both, at(1)).await })
                .await
                .unwrap();
            assert_eq!(refused, Some(at(3600)));
        }
        for _ in 0..3 {
            assert_eq!(spend(&world.pool, &[other], 2).await, None);
        }
        assert_eq!(spend(&world.pool, &[other], 2).await, Some(3601));
    })
    .await;
}
