//! Strongly connected components, by Kosaraju's algorithm: sets of outputs that are named together, in the order of
//! naming.

use std::mem::replace;

/// Components of mutually dependent positions, each after the components that it depends on.
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

/// Nodes reachable from `start` and not seen before, in postorder.
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
    fn a_component_follows_the_components_that_it_depends_on() {
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
    fn a_long_chain_does_not_overflow_the_stack() {
        let chain: Vec<Vec<usize>> =
            (1..=100_000).map(|next| if next < 100_000 { vec![next] } else { vec![] }).collect();
        assert!(components(&chain).into_iter().flatten().eq((0..100_000).rev()));
    }
}
