<?php

declare(strict_types=1);

namespace App\Guestbook;

use DateTimeImmutable;
use PDO;

final class Repository
{
    public function __construct(private PDO $pdo)
    {
    }

    public function add(string $author, string $text): int
    {
        $statement = $this->pdo->prepare('INSERT INTO entries (author, body, at) VALUES (?, ?, ?)');
        $statement->execute([$author, $text, (new DateTimeImmutable())->format(DATE_ATOM)]);

        return (int) $this->pdo->lastInsertId();
    }
}

$repository = new Repository(new PDO('sqlite::memory:'));
echo htmlspecialchars($_GET['author'] ?? 'nobody'), PHP_EOL;
foreach (range(1, 3) as $number) {
    echo "entry {$number}\n";
}
