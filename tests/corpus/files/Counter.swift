import Foundation
import SwiftUI

struct CounterView: View {
    @State private var count = 0
    let title: String

    var body: some View {
        VStack(spacing: 12) {
            Text(title).font(.headline)
            Text("\(count)")
            Button("Add") {
                guard count < 10 else { return }
                count += 1
            }
        }
        .padding()
    }
}

extension CounterView {
    static func preview() -> some View {
        CounterView(title: "Sheep")
    }
}
