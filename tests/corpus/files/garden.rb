# frozen_string_literal: true

require "json"
require "set"

module Garden
  class Bed
    attr_reader :name, :plants

    def initialize(name)
      @name = name
      @plants = Set.new
    end

    def plant(*seeds)
      seeds.each { |seed| @plants << seed.to_s.downcase }
      self
    end

    def to_json(*args)
      { name: name, plants: plants.to_a.sort }.to_json(*args)
    end
  end
end

if __FILE__ == $PROGRAM_NAME
  bed = Garden::Bed.new("south").plant(:Bean, :Pea)
  puts bed.to_json unless bed.plants.empty?
end
