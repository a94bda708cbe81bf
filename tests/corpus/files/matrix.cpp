#include <algorithm>
#include <iostream>
#include <stdexcept>
#include <vector>

namespace algebra {

template <typename T>
class Matrix {
public:
    Matrix(std::size_t rows, std::size_t columns)
        : rows_(rows), columns_(columns), cells_(rows * columns) {}

    T& at(std::size_t row, std::size_t column) {
        if (row >= rows_ || column >= columns_) {
            throw std::out_of_range("no such cell");
        }
        return cells_[row * columns_ + column];
    }

    void fill(const T& value) { std::fill(cells_.begin(), cells_.end(), value); }

private:
    std::size_t rows_;
    std::size_t columns_;
    std::vector<T> cells_;
};

}  // namespace algebra

int main() {
    algebra::Matrix<double> matrix(3, 3);
    matrix.fill(0.5);
    std::cout << matrix.at(1, 2) << std::endl;
    return 0;
}
