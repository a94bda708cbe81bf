package org.example.parser

import java.io.File

sealed class Token {
    data class Number(val value: Double) : Token()
    data class Operator(val symbol: Char) : Token()
    object End : Token()
}

class Lexer(private val text: String) {
    private var position = 0

    fun next(): Token {
        while (position < text.length && text[position].isWhitespace()) position++
        if (position >= text.length) return Token.End
        val start = position
        if (text[position].isDigit()) {
            while (position < text.length && (text[position].isDigit() || text[position] == '.')) position++
            return Token.Number(text.substring(start, position).toDouble())
        }
        return Token.Operator(text[position++])
    }
}

fun main(args: Array<String>) {
    val lexer = Lexer(args.firstOrNull()?.let { File(it).readText() } ?: "1 + 2")
    generateSequence { lexer.next().takeIf { it != Token.End } }.forEach(::println)
}
