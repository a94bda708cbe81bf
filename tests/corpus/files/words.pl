#!/usr/bin/perl
use strict;
use warnings;
use Getopt::Long qw(GetOptions);

my $least = 2;
GetOptions('least=i' => \$least) or die "usage: $0 [--least N] FILE...\n";

my %count;
while (my $line = <>) {
    chomp $line;
    $count{lc $_}++ for $line =~ /(\w+)/g;
}

foreach my $word (sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count) {
    next if $count{$word} < $least;
    printf "%6d %s\n", $count{$word}, $word;
}

__END__
