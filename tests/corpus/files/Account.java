package org.example.bank;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

public final class Account {
    private final String owner;
    private final List<BigDecimal> entries = new ArrayList<>();

    public Account(String owner) {
        this.owner = Objects.requireNonNull(owner, "owner");
    }

    public synchronized void deposit(BigDecimal amount) {
        if (amount.signum() <= 0) {
            throw new IllegalArgumentException("an amount must be positive");
        }
        entries.add(amount);
    }

    public BigDecimal balance() {
        return entries.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    @Override
    public String toString() {
        return owner + ": " + balance();
    }
}
