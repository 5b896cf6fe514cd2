//! In which order people stay listed while somebody is at the list.

/// All of `now`, in the order of `before` as far as they were there: a button that is about to be pressed stays
/// where it is. Whoever is new comes last.
pub fn steady<T: Clone + PartialEq>(before: &[T], now: &[T]) -> Vec<T> {
    let stayed = before.iter().filter(|user_id| now.contains(user_id));
    let came = now.iter().filter(|user_id| !before.contains(user_id));
    stayed.chain(came).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::person;

    #[test]
    fn who_stays_keeps_the_place_and_who_comes_is_last() {
        let [ada, bob, cem, dan] = [1, 2, 3, 4].map(person);
        assert_eq!(steady(&[ada, bob, cem], &[dan, cem, ada]), [ada, cem, dan]);
        assert_eq!(steady(&[], &[cem, ada]), [cem, ada]);
        assert_eq!(steady(&[ada], &[]), []);
    }
}
