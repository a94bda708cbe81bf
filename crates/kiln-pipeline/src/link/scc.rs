//! Strongly connected components, by Kosaraju's algorithm: outputs that have to be named together, in the order in
//! which they can be named.

use std::mem::replace;

/// Positions, those that depend on each other together, each component after all that it depends on.
pub(super) fn components(depends_on: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let dependents = reversed(depends_on);
    let mut seen = vec![false; depends_on.len()];
    let by_finish: Vec<_> =
        (0..depends_on.len()).flat_map(|start| reached(start, &dependents, &mut seen)).collect();
    seen.fill(false);
    let components = by_finish.into_iter().rev().map(|start| reached(start, depends_on, &mut seen));
    components.filter(|component| !component.is_empty()).collect()
}

fn reversed(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut reversed = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for to in targets {
            reversed[*to].push(from);
        }
    }
    reversed
}

/// Everything that can be reached from `start` and was not before, each after what it leads to.
fn reached(start: usize, edges: &[Vec<usize>], seen: &mut [bool]) -> Vec<usize> {
    let mut finished = Vec::new();
    let mut open = Vec::new();
    if !replace(&mut seen[start], true) {
        open.push((start, edges[start].iter()));
    }
    while let Some((node, targets)) = open.last_mut() {
        match targets.next() {
            Some(&target) if replace(&mut seen[target], true) => {}
            Some(&target) => open.push((target, edges[target].iter())),
            None => {
                finished.push(*node);
                open.pop();
            }
        }
    }
    finished
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_component_comes_after_all_that_it_depends_on() {
        // 0 → 1 ⇄ 2 → 3, and 4 → 3; 5 depends on itself.
        let mut found = components(&[vec![1], vec![2], vec![1, 3], vec![], vec![3], vec![5]]);
        for component in &mut found {
            component.sort_unstable();
        }
        let place = |component: &[usize]| found.iter().position(|one| one == component).expect("a component");
        assert!(place(&[3]) < place(&[1, 2]) && place(&[1, 2]) < place(&[0]) && place(&[3]) < place(&[4]));
        assert_eq!(found.concat().len(), 6, "each once: {found:?}");
    }

    #[test]
    fn a_long_chain_takes_no_stack() {
        let chain: Vec<Vec<usize>> =
            (1..=100_000).map(|next| if next < 100_000 { vec![next] } else { vec![] }).collect();
        assert!(components(&chain).into_iter().flatten().eq((0..100_000).rev()));
    }
}
